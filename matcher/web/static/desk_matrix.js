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
const whenIdle = window.requestIdleCallback || ((work) => setTimeout(work, 30));

function ready(table) {
  if (table.dataset.ready) return;
  table.dataset.ready = "yes";
  keepNames(table);
  const first = table.querySelector("tbody a");
  if (first) first.tabIndex = 0;
  makeReady(table, Array.from(table.rows));
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
  table.before(list);
  table.parentElement.classList.add("mx-scroll--names");
}

// Rows are taken out of the order of Tab, and laid out before they are scrolled to, a few at a
// time: all at once would take as long as a second.
function makeReady(table, rows) {
  if (!table.isConnected) return;
  for (const row of rows.splice(0, ROWS_AT_ONCE)) {
    for (const link of row.querySelectorAll("a")) if (!link.hasAttribute("tabindex")) link.tabIndex = -1;
    row.classList.add("mx__row--laid");
  }
  if (rows.length) whenIdle(() => makeReady(table, rows));
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
  target.focus();
  target.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function begin() {
  const table = document.getElementById("mx-table");
  if (table) ready(table);
}

document.addEventListener("DOMContentLoaded", begin);
document.addEventListener("htmx:afterSettle", begin);
