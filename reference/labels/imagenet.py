"""Writes packages/zoo/src/labels/imagenet.ts: WordNet id and first lemma of the 1000 classes, in the order of the outputs.

    pip install --no-deps timm==1.0.22 && python reference/labels/imagenet.py

timm carries both lists (timm/data/_info). The first lemma is what Keras' class index calls the class.
"""

from importlib.resources import files
from pathlib import Path

INFO = files("timm") / "data" / "_info"
TARGET = Path(__file__).parents[2] / "packages/zoo/src/labels/imagenet.ts"

synsets = (INFO / "imagenet_synsets.txt").read_text().split()
lemmas = dict(line.split("\t", 1) for line in (INFO / "imagenet_synset_to_lemma.txt").read_text().splitlines())
rows = [f"{synset} {lemmas[synset].split(',')[0].strip()}" for synset in synsets]
assert len(rows) == 1000

TARGET.write_text(
    "// Written by reference/labels/imagenet.py.\n\n"
    "/** A class of ImageNet-1k. */\n"
    "export interface ImagenetClass {\n"
    "  /** WordNet id: `n02123045`. */\n"
    "  readonly id: string\n"
    "  /** The first lemma, as Keras names the class: `tabby`. Two names stand twice (crane, maillot), ids never. */\n"
    "  readonly name: string\n"
    "}\n\n"
    "/** The 1000 classes of ImageNet (ILSVRC 2012), in the order of the outputs of Keras', torchvision's and timm's networks. */\n"
    "export const imagenetClasses: readonly ImagenetClass[] = `\n" + "\n".join(rows) + "\n`\n"
    "  .trim()\n"
    "  .split('\\n')\n"
    "  .map((row) => ({ id: row.slice(0, 9), name: row.slice(10) }))\n"
)
