export interface WarmOptions { readonly a?: number }
export interface WarmUp { readonly shaders: number }
export function warm(): WarmUp { return { shaders: 0 } }
