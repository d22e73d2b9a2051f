/* Desk, matrix: the arrow keys go from cell to cell, and a large table scrolls without a halt.
   Without this every cell is reached by Tab, and each row keeps its own name in sight. */
"use strict";
if (window.htmx) {
  htmx.config.includeIndicatorStyles = false;
  htmx.config.allowEval = false;
  // What was on a page is read anew when somebody comes back: nothing of it stays in the browser.
  htmx.config.historyCacheSize = 0;
  htmx.config.refreshOnHistoryMiss = true;
  htmx.config.selfRequestsOnly = true;
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "4(09|22)", swap: true },
    { code: "[45]..", swap: false, error: true },
  ];
}

const ROWS_AT_ONCE = 5;
const FAR = "mx__row--far";
const whenIdle = window.requestIdleCallback || setTimeout;
const wait = window.requestIdleCallback ? { timeout: 50 } : 50;

function ready(table) {
  if (table.dataset.ready) return;
  table.dataset.ready = "yes";
  keepNames(table);
  const first = table.querySelector("tbody a");
  if (first) first.tabIndex = 0;
  show(table.tHead.rows[0]);
  holdBack(table);
  const keys = document.getElementById("mx-keys");
  if (keys) keys.hidden = false;
  table.addEventListener("keydown", move);
  table.addEventListener("focusin", (event) => {
    for (const link of table.querySelectorAll("a[tabindex='0']")) link.tabIndex = -1;
    event.target.tabIndex = 0;
  });
}

// One list that stays in sight costs far less to scroll than a cell of each row that does.
function keepNames(table) {
  const list = document.createElement("div");
  list.className = "mx-names";
  list.setAttribute("aria-hidden", "true");
  for (const row of table.tBodies[0].rows) {
    const name = document.createElement("div");
    name.className = "mx__person";
    name.append(...row.cells[0].cloneNode(true).childNodes);
    for (const link of name.querySelectorAll("a")) link.tabIndex = -1;
    list.append(name);
  }
  // The width is told, so that no row has to be measured for it whenever another changes.
  const width = new CSSStyleSheet();
  width.replaceSync(`.mx { --studies: ${table.rows[0].cells.length - 1}; }`);
  document.adoptedStyleSheets = [width];
  table.before(list);
}

// All cells at once take seconds to lay out. They come a few rows at a time, first where somebody
// looks; then scrolling costs nothing more. Each row leaves the order of Tab as it comes.
function holdBack(table) {
  const rows = Array.from(table.tBodies[0].rows);
  for (const row of rows) row.classList.add(FAR);
  table.parentElement.classList.add("mx-scroll--names");
  come(table, new Set(rows), rows);
}

function come(table, left, rows) {
  if (!table.isConnected) return;
  const box = table.parentElement;
  let place = Math.floor((box.scrollTop / box.scrollHeight) * rows.length);
  for (let count = 0; left.size && count < ROWS_AT_ONCE; place++) {
    const row = rows[place % rows.length];
    if (left.delete(row)) {
      show(row);
      count++;
    }
  }
  if (left.size) whenIdle(() => come(table, left, rows), wait);
}

function show(row) {
  for (const link of row.querySelectorAll("a")) if (!link.hasAttribute("tabindex")) link.tabIndex = -1;
  row.classList.remove(FAR);
}

function move(event) {
  const cell = event.target.closest("td, th");
  if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = cell.parentElement;
  const rows = Array.from(event.currentTarget.rows);
  const place = Array.prototype.indexOf.call(row.cells, cell);
  const steps = {
    ArrowRight: () => row.cells[place + 1],
    ArrowLeft: () => row.cells[place - 1],
    ArrowDown: () => rows[rows.indexOf(row) + 1]?.cells[place],
    ArrowUp: () => rows[rows.indexOf(row) - 1]?.cells[place],
    Home: () => row.cells[0],
    End: () => row.cells[row.cells.length - 1],
  };
  const target = steps[event.key]?.()?.querySelector("a");
  if (!target) return;
  event.preventDefault();
  show(target.closest("tr"));
  target.focus();
  target.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function begin() {
  const table = document.getElementById("mx-table");
  if (table) ready(table);
}

document.addEventListener("DOMContentLoaded", begin);
document.addEventListener("htmx:afterSettle", begin);
