// One line of a chat, drawn.

import { linked, link, make, safeUrl } from "./dom.js";
import { hourOf } from "./times.js";
import { word } from "./words.js";

export function drawLine(line, { press, view }) {
  const item = make("li", { class: `line ${line.mine ? "mine" : "theirs"} ${line.kind}`, "data-id": line.id });
  item.append(make("span", { class: "unseen", text: `${word(line.mine ? "you" : "us")}: ` }));
  const bubble = make("div", { class: "bubble" });
  if (line.photo) bubble.append(drawPhoto(line.photo, view));
  if (line.text) bubble.append(drawWords(line.text));
  item.append(bubble);
  if (line.rows.length) item.append(drawButtons(line, press));
  item.append(make("time", { datetime: line.at, text: hourOf(new Date(line.at)) }));
  return item;
}

// A place somebody sent starts with this sign, which not every machine's type has: it is drawn.
const PIN = "📍 ";

export function drawWords(text) {
  const pinned = text.startsWith(PIN);
  const nodes = linked(pinned ? text.slice(PIN.length) : text, word("opens_new"));
  return make("p", { class: pinned ? "words pin" : "words" }, ...nodes);
}

// A button that counts no more is greyed in place: drawing it again would be read out again.
export function setLive(item, live) {
  item.classList.toggle("stale", !live);
  for (const button of item.querySelectorAll("button.choice")) button.disabled = !live;
}

function drawPhoto(address, view) {
  const picture = make("img", { src: address, alt: word("photo"), loading: "lazy", decoding: "async" });
  const frame = make("button", { type: "button", class: "picture", "aria-label": word("photo") }, picture);
  frame.addEventListener("click", () => view(address));
  return frame;
}

function drawButtons(line, press) {
  const group = make("div", { class: "choices", role: "group" });
  for (const row of line.rows) {
    group.append(make("div", { class: "row" }, ...row.map((button) => drawButton(button, line.live, press)).filter(Boolean)));
  }
  return group;
}

function drawButton({ label, token, url }, live, press) {
  const address = url && safeUrl(url);
  if (address) {
    const anchor = link(address, label, word("opens_new"));
    anchor.className = new URL(address).origin === location.origin ? "choice ours" : "choice away";
    return anchor;
  }
  if (!token) return null;
  const button = make("button", { type: "button", class: "choice", text: label, disabled: !live });
  button.addEventListener("click", () => press(token, label, button));
  return button;
}

export function drawPending(act, again) {
  const item = make("li", { class: "line mine sending" });
  const bubble = make("div", { class: "bubble" });
  if (act.picture) bubble.append(make("img", { class: "preview", src: act.picture, alt: word("photo") }));
  if (act.label) bubble.append(drawWords(act.label));
  const retry = make("button", { type: "button", class: "again", text: word("not_sent"), hidden: true });
  retry.addEventListener("click", again);
  item.append(make("span", { class: "unseen", text: `${word("sending")}: ` }), bubble, retry);
  return item;
}
