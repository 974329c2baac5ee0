"""What a written page is made of besides its words: how it looks and prints, and how it draws without a network."""

import base64
import gzip
import hashlib
from functools import cache

from plotly.offline import get_plotlyjs

PLAIN_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; color: #14202e;
  background: #fff; margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.25rem 4rem; }
h1, h2, h3, h4, h5 { line-height: 1.25; margin: 0 0 .4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; letter-spacing: -.015em; }
h2 { font-size: 1.4rem; margin-top: 2.75rem; letter-spacing: -.01em; }
h3 { font-size: 1.1rem; margin-top: 2rem; }
h4, h5 { font-size: 1rem; margin-top: 1.75rem; }
p, ul, ol, dl { margin: .35rem 0 .75rem; }
a { color: #1558a0; text-decoration-color: #a9c4e4; text-underline-offset: 2px; overflow-wrap: anywhere; }
ul { padding-left: 1.15rem; }
li { margin: .3rem 0; overflow-wrap: anywhere; }
.lead { color: #4a5d70; font-size: 1.05rem; max-width: 44rem; }
.about { color: #4a5d70; font-size: .875rem; border-left: 3px solid #1f77c9; padding-left: .8rem; margin: 1rem 0; }
.about p { margin: .15rem 0; }
.takeaway, ul { max-width: 46rem; }
.note { color: #5b7083; font-size: .8125rem; max-width: 46rem; }
.what { color: #5b7083; }
table { border-collapse: collapse; font-size: .8125rem; line-height: 1.4; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #e6ecf2; }
th { color: #4a5d70; font-weight: 600; border-bottom: 1px solid #b9c6d3; vertical-align: bottom; }
td { overflow-wrap: break-word; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.d { white-space: nowrap; }
.scroll { overflow-x: auto; }
.when { font-size: .75rem; font-weight: 600; border-radius: 3px; padding: .05rem .35rem; background: #e9eef4;
  color: #40526a; white-space: nowrap; }
.now { background: #fbe3ea; color: #9c1f49; }
.soon { background: #fdeed8; color: #8a4b00; }
"""
"""What mail clients understand as well."""

STYLE = (
    PLAIN_STYLE
    + """
nav { font-size: .9rem; margin: 1.25rem 0 0; }
nav ol { columns: 16rem; padding-left: 1.3rem; }
nav li { break-inside: avoid; margin: .15rem 0; }
.report { border-top: 1px solid #cfd9e3; padding-top: 1.5rem; margin-top: 3.5rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.25rem 0; }
.cards div { border: 1px solid #dce3ec; border-radius: 8px; padding: .6rem .9rem; }
.cards dt { color: #4a5d70; font-size: .8125rem; }
.cards dd { margin: 0; font-size: .8125rem; color: #5b7083; }
.cards dd:nth-of-type(1) { font-size: 1.35rem; line-height: 1.3; font-weight: 600; color: #14202e; }
.figure { display: none; }
.draws .figure { display: block; margin: .5rem 0; }
.draws .undrawn { display: none; }
details { margin: .5rem 0; }
summary { color: #1558a0; font-size: .8125rem; cursor: pointer; }
.terms dt { font-weight: 600; margin-top: .6rem; }
.terms dd { margin: 0; color: #4a5d70; font-size: .875rem; max-width: 46rem; }
footer { border-top: 1px solid #cfd9e3; margin-top: 3.5rem; padding-top: .75rem; }
@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 3rem; }
  h1 { font-size: 1.55rem; }
  .cards { grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .5rem; }
  .scroll table { width: max-content; max-width: 70rem; min-width: 100%; }
  .scroll td { max-width: 15rem; }
}
@page { size: A4; margin: 17mm 16mm 19mm;
  @bottom-left { content: "Fairlead"; font: 8pt system-ui, sans-serif; color: #5b7083; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #5b7083; } }
@page wide { size: A4 landscape; }
@media print {
  .wide { page: wide; }
  body { font-size: 10pt; max-width: none; padding: 0; }
  h1, h2, h3, h4, h5, .lead, .takeaway, .cards, thead { break-after: avoid; }
  .page { break-before: page; border-top: 0; margin-top: 0; padding-top: 0; }
  .cards { grid-auto-flow: column; grid-auto-columns: 1fr; grid-template-columns: none; gap: 6pt; }
  .cards dd:nth-of-type(1) { font-size: 13pt; }
  .figure, .cards div, li, tr, .terms div { break-inside: avoid; }
  .drawing { break-inside: avoid; }
  .takeaway, .note, li { orphans: 3; widows: 3; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  table { font-size: 7.5pt; }
  th, td { padding: .2rem .5rem .2rem 0; }
  a { color: inherit; text-decoration: none; }
  details:not([open]), .undrawn { display: none; }
}
"""
)

DRAW = """
const PRINTED = 672;
const root = document.documentElement;
if ('DecompressionStream' in window) root.classList.add('draws');
async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}
function places() { return [...document.querySelectorAll('.figure')]; }
async function draw() {
  const library = document.createElement('script');
  library.textContent = await unpacked(document.getElementById('library').textContent);
  document.head.append(library);
  for (const place of places()) {
    const figure = JSON.parse(document.getElementById(place.id + '-data').textContent);
    await Plotly.newPlot(place, figure.data, figure.layout, {displayModeBar: false, responsive: true});
  }
  root.classList.add('drawn');
}
function fit(place, share, layout) {
  const height = Math.round(place.dataset.height * share);
  place.style.height = height + 'px';
  Plotly.relayout(place, {...layout, height});
}
function fitAll(share, layout) { if (window.Plotly) places().forEach(place => fit(place, share, layout)); }
addEventListener('beforeprint', () => fitAll(0.8, {autosize: false, width: PRINTED, 'font.size': 11}));
addEventListener('afterprint', () => fitAll(1, {autosize: true, width: null, 'font.size': null}));
addEventListener('DOMContentLoaded', () => draw().catch(() => root.classList.remove('draws')));
"""
"""Unpacks the library and draws every figure; on paper they are as wide as a page of A4 (178 mm) is."""


def policy(*, draws: bool) -> str:
    """The Content-Security-Policy: no network at all, and no script but the two of ours.

    Plotly sets styles itself, and draws a grid as a picture that stands in its address.
    """
    scripts = f"script-src {_hash(DRAW)} {_hash(get_plotlyjs())}; " if draws else ""
    return f"default-src 'none'; {scripts}img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@cache
def library() -> str:
    """plotly.js, packed, as text. The same bytes every time."""
    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), 9, mtime=0)).decode()
