import { color as c, paletteStyle } from '../charts/palette.ts'

/** The look of the page. Sizes follow the reader's own; colours are those of the charts. */
export const style: string = `${paletteStyle(':root')}
:root{color-scheme:light dark;--page:#fafaf8;--track:#ecedeb}
@media screen and (prefers-color-scheme:dark){:root{--page:#15181b;--track:#2a2f34;--cnnkit-ground:#1b1f23}}
@media print{:root{color-scheme:light;--page:#fff}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:${c('ink')};font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,header,footer{max-width:70rem;margin-inline:auto;padding-inline:clamp(1rem,4vw,2.5rem)}
header{padding-top:clamp(1.75rem,5vw,3.5rem)}
h1{font-size:clamp(1.6rem,1.2rem + 2vw,2.4rem);line-height:1.15;letter-spacing:-.02em;font-weight:650;margin:0;text-wrap:balance}
h2{font-size:1.4rem;line-height:1.25;letter-spacing:-.01em;font-weight:650;margin:0 0 .35rem}
h3{font-size:1rem;font-weight:650;margin:0 0 .5rem}
p{margin:0;max-width:44rem}
.lead{font-size:1.1rem;color:${c('muted')};margin-top:.75rem}
.hint,figcaption{color:${c('muted')};font-size:.875rem;max-width:44rem}
figcaption{margin-top:.6rem}
main>section{padding-top:2.75rem;margin-top:2.75rem;border-top:1px solid ${c('line')}}
main>section:first-child{border:0;margin-top:0;padding-top:1.75rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-top:1.25rem;font-size:.9rem}
a{color:${c('link')};text-underline-offset:.2em}
.notes{margin:1.25rem 0 0;padding:.75rem 1rem .75rem 2rem;border-left:3px solid ${c('s1')};background:${c('ground')};border-radius:0 .5rem .5rem 0}
.grid{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,var(--least,17rem)),1fr))}
.card{background:${c('ground')};border:1px solid ${c('line')};border-radius:.75rem;padding:1.1rem 1.25rem;min-width:0;break-inside:avoid}
.card h3{display:flex;align-items:start;gap:.6rem;margin:0}
.card h3 svg{flex:none;margin-top:.35rem}
.number{font-size:2.6rem;line-height:1.1;font-weight:650;letter-spacing:-.03em;margin-top:.6rem}
.card .interval{color:${c('muted')}}
.card .description{font-size:.9rem;margin-top:.75rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.15rem 1rem;margin:.75rem 0 0;font-size:.875rem}
dt{color:${c('muted')}}
dd{margin:0;text-align:right}
dl.facts{gap:.35rem 2rem;grid-template-columns:minmax(6rem,auto) 1fr;max-width:52rem}
.facts dd{text-align:left}
figure{margin:0;min-width:0;break-inside:avoid}
.charts{display:grid;gap:2rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr));margin-top:1.25rem}
.chart{max-width:38rem}
.chart svg{display:block;width:100%;height:auto}
.chart .narrow{display:none}
.chart.single{max-width:46rem;margin-top:1.5rem}
.legend{display:flex;flex-wrap:wrap;gap:.35rem 1.5rem;list-style:none;padding:0;margin:1rem 0 0;font-size:.9rem}
.legend li{display:flex;align-items:center;gap:.55rem;min-width:0}
.legend svg{flex:none}
.line{flex:none;width:26px;border-top:2px solid ${c('muted')}}
.line.dashed{border-top-style:dashed}
.scroll{overflow-x:auto}
.scroll:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid ${c('link')};outline-offset:2px}
.scroll svg{display:block;max-width:none}
.matrix svg{max-width:100%;height:auto}
.split{display:grid;gap:2rem 3rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));margin-top:1.5rem;align-items:start}
.split>*{min-width:0}
.column{display:grid;gap:2.25rem}
.column>*{min-width:0}
.reliability{max-width:27rem}
.block{margin-top:2rem}
table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;font-weight:650;font-size:1rem;padding-bottom:.4rem}
th,td{padding:.35rem .6rem;text-align:right;border-bottom:1px solid ${c('line')};vertical-align:baseline}
th{font-weight:500;color:${c('muted')};white-space:nowrap}
th:first-child,td:first-child,.text{text-align:left}
th:first-child,td:first-child{padding-left:0}
tbody th{color:inherit;font-weight:400;white-space:normal}
tbody th,td.text{min-width:6.4rem}
td:not(.text){white-space:nowrap}
.scroll+.hint{margin-top:.6rem}
tr{break-inside:avoid}
.bar{display:block;height:4px;border-radius:2px;background:var(--track);margin-top:.25rem;overflow:hidden;min-width:3rem}
.bar i{display:block;height:100%;border-radius:2px;background:var(--tone,${c('s0')});width:calc(var(--share)*100%);print-color-adjust:exact;-webkit-print-color-adjust:exact}
details{margin-top:1.25rem}
summary{cursor:pointer;color:${c('muted')};font-size:.9rem;padding:.25rem 0}
summary:hover{color:${c('ink')}}
details[open]>summary{margin-bottom:.75rem}
.case{padding:.75rem;display:flex;flex-direction:column;gap:.75rem}
.pictures{display:flex;gap:.5rem}
.pictures figure{flex:1}
.pictures.alone figure{flex:none;width:calc(50% - .25rem)}
.pictures img{display:block;width:100%;aspect-ratio:1;object-fit:contain;border-radius:.4rem;background:var(--track)}
.pictures figcaption{font-size:.75rem;margin-top:.2rem}
.case p{font-size:.95rem}
.odds{list-style:none;margin:0;padding:0;font-size:.875rem;display:grid;gap:.35rem}
.odds li>span:first-child{display:flex;justify-content:space-between;gap:1rem}
.odds .value{white-space:nowrap}
.case .id{margin-top:auto;font-size:.75rem;color:${c('muted')}}
footer{padding-block:2.75rem 3.5rem}
footer p,.credits{white-space:pre-line}
.credits{font-size:.8rem;color:${c('muted')}}
@media (max-width:34rem){
.chart .narrow{display:block}.chart .wide{display:none}
th,td{padding-inline:.35rem}
}
@media print{
body{font-size:.8rem}main,header,footer{max-width:none;padding-inline:0}
nav,summary{display:none}
main>section{margin-top:1.5rem;padding-top:1.5rem}
h2,h3{break-after:avoid}
details:not([open]){display:none}
footer details:not([open]){display:block}
footer details::details-content{content-visibility:visible;height:auto}
.grid{grid-template-columns:repeat(3,1fr)}
.charts,.split{grid-template-columns:1fr 1fr;gap:1.5rem}
.charts .narrow{display:block}.charts .wide{display:none}
.card{padding:.8rem}.number{font-size:2rem}dl,table,.legend,.odds{font-size:.72rem}
.hint,figcaption{font-size:.72rem}
svg,i{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`
