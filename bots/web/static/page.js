// The page: who sits here, the phones, the language, and in a demo the clock.

import { ask } from "./api.js";
import { Chat } from "./chat.js";
import { make } from "./dom.js";
import { clockFrom, showClock } from "./clock.js";
import { placePicker } from "./places.js";
import { signInSheet } from "./sign.js";
import { settle } from "./times.js";
import { language, named, recall, remember, speak, translate, word } from "./words.js";

const KEPT_TAB = "menling.tab";
const byId = (id) => document.getElementById(id);
const chats = new Map();
let place = { technicians: [], places: [], seats: [] };

const host = {
  pickPlace: () => placePicker(place.places),
  view: showPicture,
  unread: countUnread,
  lost: () => start(),
  say: showTrouble,
};

async function start() {
  try {
    place = await ask("/web/start");
  } catch (trouble) {
    showTrouble(trouble.message);
    setTimeout(start, 5000);
    return;
  }
  settle(place);
  clockFrom(place.demo, showTrouble);
  byId("sign-in").hidden = !place.can_sign_in;
  byId("sign-out").hidden = !place.can_sign_out;
  if (place.technicians.length) {
    await speakTo(place.seats.find(({ seat }) => seat === "technician")?.code).catch(() => {});
  }
  furnish();
}

// Make the phones match the seats of this browser.
function furnish() {
  for (const [seat, chat] of chats) {
    if (place.seats.some((other) => other.seat === seat)) continue;
    chat.close();
    chat.node.remove();
    chats.delete(seat);
  }
  for (const { seat } of place.seats) {
    const chat = chats.get(seat) ?? build(seat);
    chooseSeat(seat, chat.node);
    chat.open();
  }
  document.body.classList.toggle("one", place.seats.length === 1);
  drawTabs();
}

function build(seat) {
  const node = byId("phone").content.firstElementChild.cloneNode(true);
  node.classList.add(seat);
  node.id = `phone-${seat}`;
  byId("phones").append(node);
  const chat = new Chat(seat, node, host);
  chats.set(seat, chat);
  node.querySelector("select").addEventListener("change", (event) => changeSeat(chat, event.target.value));
  return chat;
}

function chooseSeat(seat, node) {
  const label = node.querySelector(".seat-choice");
  label.hidden = seat !== "technician" || !place.technicians.length;
  if (label.hidden) return;
  label.querySelector("span").textContent = word("seat_choice");
  const sitting = place.seats.find((other) => other.seat === seat)?.code ?? "";
  const choices = place.technicians.map(({ code, names }) => make("option", { value: code, text: named(names) }));
  choices.push(make("option", { value: "", text: word("new_applicant") }));
  const select = label.querySelector("select");
  select.replaceChildren(...choices);
  select.value = sitting;
}

async function changeSeat(chat, code) {
  chat.box.disabled = true; // words typed now would belong to nobody knows whom
  try {
    await ask("/web/technician/seat", { json: { code } });
    const seated = place.seats.find(({ seat }) => seat === "technician");
    if (seated) seated.code = code;
    await speakTo(code);
    chat.open();
  } catch (trouble) {
    showTrouble(trouble.message);
  } finally {
    chat.box.disabled = false;
  }
}

// The demo's technicians exist before anybody sits down as them: they are spoken to in the language of the page.
async function speakTo(code) {
  if (code) await ask("/web/technician/lang", { json: { lang: language() } });
}

// On a narrow screen the phones share one place and a tab chooses between them.
function drawTabs() {
  const tabs = byId("tabs");
  tabs.hidden = place.seats.length < 2;
  tabs.replaceChildren(
    ...place.seats.map(({ seat }) =>
      make(
        "button",
        { type: "button", role: "tab", id: `tab-${seat}`, "data-seat": seat, "aria-controls": `phone-${seat}` },
        make("span", { text: word(seat) }),
        make("b", { class: "badge", hidden: true }),
      ),
    ),
  );
  const kept = recall(KEPT_TAB);
  showTab(chats.has(kept) ? kept : place.seats[0]?.seat);
}

function showTab(seat) {
  for (const tab of byId("tabs").children) {
    const chosen = tab.dataset.seat === seat;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }
  for (const [other, chat] of chats) {
    chat.node.classList.toggle("shown", other === seat);
    if (other === seat) chat.toEnd();
  }
}

function countUnread() {
  let all = 0;
  for (const [seat, chat] of chats) {
    all += chat.unread;
    const badge = document.querySelector(`#tab-${seat} .badge`);
    if (!badge) continue;
    badge.hidden = !chat.unread;
    badge.textContent = chat.unread;
  }
  document.title = `${all ? `(${all}) ` : ""}${word("brand")}${language() === "en" ? "" : " Menling"}`;
}

let troubleEnds;

function showTrouble(message) {
  const trouble = byId("trouble");
  trouble.textContent = message;
  trouble.hidden = false;
  clearTimeout(troubleEnds);
  troubleEnds = setTimeout(() => (trouble.hidden = true), 7000);
}

function showPicture(address) {
  const viewer = byId("viewer");
  viewer.querySelector("img").src = address;
  viewer.showModal();
}

function changeLanguage(lang) {
  speak(lang);
  relabel();
  for (const { seat } of place.seats) {
    ask(`/web/${seat}/lang`, { json: { lang } }).catch((trouble) => showTrouble(trouble.message));
  }
}

function relabel() {
  for (const button of document.querySelectorAll(".langs button")) {
    button.setAttribute("aria-pressed", button.dataset.lang === language());
  }
  for (const [seat, chat] of chats) {
    chooseSeat(seat, chat.node);
    chat.relabel();
    const tab = document.querySelector(`#tab-${seat} span`);
    if (tab) tab.textContent = word(seat);
  }
  countUnread();
  showClock();
}

byId("tabs").addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (!tab) return;
  remember(KEPT_TAB, tab.dataset.seat);
  showTab(tab.dataset.seat);
});
byId("tabs").addEventListener("keydown", (event) => {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const tabs = [...byId("tabs").children];
  const step = event.key === "ArrowRight" ? 1 : -1;
  const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  next.focus();
  next.click();
});
for (const button of document.querySelectorAll(".langs button")) {
  button.addEventListener("click", () => changeLanguage(button.dataset.lang));
}
byId("viewer").addEventListener("click", () => byId("viewer").close());
byId("trouble").addEventListener("click", () => (byId("trouble").hidden = true));
document.addEventListener("visibilitychange", () => chats.forEach((chat) => chat.seen()));
signInSheet(start);
translate();
relabel();
start();
