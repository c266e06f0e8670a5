// One phone: a seat's conversation with its composer.

import { ask, newId } from "./api.js";
import { shrunk } from "./dom.js";
import { drawLine, drawPending, setLive } from "./lines.js";
import { dayName, follow, sameDay } from "./times.js";
import { Wire } from "./wire.js";
import { word } from "./words.js";

const NEAR = 80;
const TOGETHER = 180_000;
const TYPING_AFTER = 250;
const YOUTH = 350;

export class Chat {
  #seat;
  #host;
  #wire = null;
  #known = new Map();
  #pending = [];
  #queue = Promise.resolve();
  #loaded = false;
  #live = true;
  #waiting = 0;
  #stuck = true;
  unread = 0;

  // `host` offers: pickPlace() -> {lat, lng, label} | null, view(address), unread(), lost(trouble), say(trouble).
  constructor(seat, node, host) {
    this.#seat = seat;
    this.#host = host;
    this.node = node;
    this.log = node.querySelector(".log");
    this.list = node.querySelector(".lines");
    this.box = node.querySelector("textarea");
    this.file = node.querySelector("input[type=file]");
    this.newer = node.querySelector(".newer");
    this.typing = node.querySelector(".typing");
    this.#listen();
    this.relabel();
  }

  open() {
    this.#wire?.close();
    this.#known.clear();
    this.list.replaceChildren();
    this.#forgetPending();
    this.#loaded = false;
    this.unread = 0;
    this.#showUnread();
    this.#showEmpty();
    this.#wire = new Wire(this.#seat, (news) => this.#hear(news), (state) => this.#tell(state));
  }

  close() {
    this.#wire?.close();
  }

  relabel() {
    this.node.setAttribute("aria-label", word(this.#seat));
    const set = (selector, name, value) => this.node.querySelector(selector).setAttribute(name, value);
    this.node.querySelector("h2").textContent = word(`${this.#seat}_title`);
    this.node.querySelector(".empty").textContent = word(`${this.#seat}_empty`);
    this.typing.querySelector("span").textContent = word("typing");
    set(".log", "aria-label", word(this.#seat));
    set(".photo", "aria-label", word("send_photo"));
    set(".photo", "title", word("send_photo"));
    set(".place", "aria-label", word("send_place"));
    set(".place", "title", word("send_place"));
    set(".send", "aria-label", word("send"));
    this.#showHints();
    this.#showStatus();
    this.#showUnread();
    this.#redraw();
  }

  seen() {
    if (this.#atEnd() && this.#isShown()) {
      this.unread = 0;
      this.#showUnread();
    }
  }

  toEnd() {
    this.#stuck = true;
    this.log.scrollTop = this.log.scrollHeight;
    this.seen();
  }

  #listen() {
    const form = this.node.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say();
    });
    this.box.addEventListener("keydown", (event) => {
      // Enter while choosing Chinese characters ends the choosing, not the message.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#say();
    });
    this.box.addEventListener("input", () => this.#fit());
    this.box.addEventListener("paste", (event) => this.#sendPhoto(event.clipboardData?.files?.[0]));
    this.node.querySelector(".photo").addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => this.#sendPhoto(this.file.files[0]));
    this.node.querySelector(".place").addEventListener("click", () => this.#sendPlace());
    this.newer.addEventListener("click", () => this.toEnd());
    this.log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // The keyboard of a phone and pictures that arrive late must not push the newest line out of sight.
    const keep = new ResizeObserver(() => this.#stuck && this.toEnd());
    for (const node of [this.log, this.list]) keep.observe(node);
  }

  #scrolled() {
    this.#stuck = this.#atEnd();
    this.seen();
    this.#showUnread();
  }

  #fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 132)}px`;
  }

  #say() {
    const text = this.box.value.trim();
    if (!text) return;
    this.box.value = "";
    this.#fit();
    this.#act({ label: text, words: text, send: (id) => ask(this.#path("say"), { json: { id, text } }) });
  }

  #press(token, label, button) {
    button.classList.add("chosen");
    for (const other of button.closest(".choices").querySelectorAll("button.choice")) other.disabled = true;
    this.#act({ label, send: (id) => ask(this.#path("press"), { json: { id, token } }) });
    this.log.focus({ preventScroll: true });
  }

  async #sendPlace() {
    const place = await this.#host.pickPlace();
    if (!place) return;
    const { lat, lng, label } = place;
    this.#act({ label: `📍 ${label}`, send: (id) => ask(this.#path("location"), { json: { id, lat, lng, label } }) });
  }

  async #sendPhoto(file) {
    this.file.value = "";
    if (!file) return;
    let photo;
    try {
      photo = await shrunk(file);
    } catch {
      this.#host.say(word("picture_odd"));
      return;
    }
    this.#act({
      picture: URL.createObjectURL(photo),
      send: (id) => {
        const form = new FormData();
        form.append("id", id);
        form.append("photo", photo, "photo");
        return ask(this.#path("photo"), { form });
      },
    });
  }

  // One act after the other, each with an id of its own: trying again can never do a thing twice.
  #act(act) {
    act.id = newId();
    act.node = drawPending(act, () => this.#again(act));
    this.#pending.push(act);
    this.node.querySelector(".pending").append(act.node);
    this.#showEmpty();
    this.toEnd();
    this.#queue = this.#queue.then(() => this.#deliver(act));
  }

  #again(act) {
    act.node.querySelector(".again").hidden = true;
    act.node.classList.remove("failed");
    this.#queue = this.#queue.then(() => this.#deliver(act));
  }

  async #deliver(act) {
    this.#wait(+1);
    try {
      await act.send(act.id);
      await this.#wire.refresh().catch(() => {});
      this.#drop(act);
    } catch (trouble) {
      if (trouble.passing) {
        act.node.classList.add("failed");
        act.node.querySelector(".again").hidden = false;
      } else {
        this.#drop(act);
        this.#giveBack(act);
      }
      this.#lost(trouble);
    } finally {
      this.#wait(-1);
    }
  }

  #drop(act) {
    if (act.picture) URL.revokeObjectURL(act.picture);
    act.node.remove();
    this.#pending = this.#pending.filter((other) => other !== act);
    this.#showEmpty();
  }

  #forgetPending() {
    for (const act of [...this.#pending]) this.#drop(act);
  }

  // What was refused is not lost: words go back where they were typed, buttons can be pressed again.
  #giveBack(act) {
    if (act.words && !this.box.value) {
      this.box.value = act.words;
      this.#fit();
    }
    for (const { line, item } of this.#known.values()) setLive(item, line.live);
  }

  #wait(change) {
    this.#waiting += change;
    if (this.#waiting && !this.wish) this.wish = setTimeout(() => this.#showTyping(true), TYPING_AFTER);
    if (!this.#waiting) {
      clearTimeout(this.wish);
      this.wish = null;
      this.#showTyping(false);
    }
  }

  #showTyping(on) {
    const follows = this.#atEnd();
    this.typing.hidden = !on;
    this.#showStatus();
    if (follows) this.toEnd();
  }

  #hear({ lines, now }) {
    follow(now);
    const follows = this.#atEnd();
    const fresh = lines.filter((line) => this.#take(line));
    if (!this.#loaded) this.#arrive(!lines.length && !this.#known.size);
    if (lines.length) this.#arrange();
    const theirs = this.#loaded ? fresh.filter((line) => !line.mine).length : 0;
    this.#loaded = true;
    this.unread += theirs;
    this.#showEmpty();
    this.#showHints();
    if (follows || fresh.some((line) => line.mine)) this.toEnd();
    this.#showUnread();
  }

  // Where nothing was ever said the house says hello first; a link that was opened names what to show.
  #arrive(fresh) {
    const link = this.#seat === "customer" ? takeLink() : "";
    if (!fresh && !link) return;
    ask(this.#path("start"), { json: { id: newId(), link } }).catch((trouble) => this.#lost(trouble));
  }

  // Keep a line; true when it was not there before.
  #take(line) {
    const kept = this.#known.get(line.id);
    const drawn = JSON.stringify({ ...line, live: null });
    if (kept) {
      if (kept.drawn !== drawn) {
        const item = this.#draw(line);
        kept.item.replaceWith(item);
        this.#known.set(line.id, { line, item, drawn });
      } else {
        kept.line = line;
        setLive(kept.item, line.live);
      }
      return false;
    }
    const item = this.#draw(line);
    this.#known.set(line.id, { line, item, drawn });
    this.#place(item, line);
    if (this.#loaded && line.rows.length) grownUp(item);
    if (line.mine && this.#pending.length && !this.#pending[0].node.classList.contains("failed")) {
      this.#pending[0].node.hidden = true;
    }
    return true;
  }

  #draw(line) {
    const item = drawLine(line, { press: (...facts) => this.#press(...facts), view: this.#host.view });
    setLive(item, line.live);
    return item;
  }

  #redraw() {
    for (const kept of this.#known.values()) {
      const item = this.#draw(kept.line);
      kept.item.replaceWith(item);
      kept.item = item;
    }
    this.#arrange();
  }

  #place(item, line) {
    let before = this.list.lastElementChild;
    while (before && isLater(this.#known.get(before.dataset.id).line, line)) before = before.previousElementSibling;
    if (before) before.after(item);
    else this.list.prepend(item);
  }

  // Name the day above its first line, and show a time only under the last of lines that belong together.
  #arrange() {
    let before = null;
    for (const item of this.list.children) {
      const { line } = this.#known.get(item.dataset.id);
      const at = new Date(line.at);
      if (before && sameDay(new Date(before.line.at), at)) delete item.dataset.day;
      else item.dataset.day = dayName(at);
      const together = before?.line.mine === line.mine && at - new Date(before.line.at) < TOGETHER && !item.dataset.day;
      before?.item.classList.toggle("goes-on", together);
      before = { line, item };
    }
    before?.item.classList.remove("goes-on");
  }

  #showHints() {
    const lines = [...this.list.children].map((item) => this.#known.get(item.dataset.id).line);
    const asks = lines.findLast((line) => !line.mine && line.kind === "prompt" && line.live)?.asks;
    this.box.placeholder = word(asks === "phone" ? "phone_hint" : `${this.#seat}_hint`);
    this.box.setAttribute("aria-label", this.box.placeholder);
    this.box.inputMode = asks === "phone" ? "tel" : "text";
    this.node.querySelector(".photo").classList.toggle("asked", asks === "photo");
    this.node.querySelector(".place").classList.toggle("asked", asks === "location");
  }

  #showEmpty() {
    this.node.querySelector(".empty").hidden = this.#known.size > 0 || this.#pending.length > 0;
  }

  #showStatus() {
    const status = this.node.querySelector(".status");
    status.classList.toggle("cut", !this.#live);
    const name = this.#live ? (this.typing.hidden ? "connected" : "typing_status") : "reconnecting";
    if (status.textContent !== word(name)) status.textContent = word(name);
  }

  #showUnread() {
    const away = !this.#atEnd();
    this.newer.hidden = !away;
    this.newer.classList.toggle("fresh", this.unread > 0);
    this.newer.textContent = this.unread ? word("newer", this.unread) : word("to_newest");
    this.#host.unread();
  }

  #tell(state) {
    this.#live = state === true;
    this.#showStatus();
    if (state instanceof Error) this.#lost(state);
  }

  #lost(trouble) {
    if (trouble.status === 401) this.#host.lost();
    else if (trouble.status !== 0) this.#host.say(trouble.message);
  }

  #isShown() {
    return !document.hidden && this.node.offsetParent !== null;
  }

  #atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  #path(verb) {
    return `/web/${this.#seat}/${verb}`;
  }
}

// What a link to this page names (?start=...), once: opening the page again does not do it again.
function takeLink() {
  const link = new URLSearchParams(location.search).get("start") ?? "";
  if (link) history.replaceState(null, "", location.pathname);
  return /^[A-Za-z0-9_-]{1,64}$/.test(link) ? link : "";
}

// The second tap of a double tap must not land on a button that has only just appeared there.
function grownUp(item) {
  item.classList.add("young");
  setTimeout(() => item.classList.remove("young"), YOUTH);
}

// Ids are 63-bit numbers as text; a longer one is a later one.
function isLater(one, other) {
  if (one.at !== other.at) return one.at > other.at;
  return one.id.length === other.id.length ? one.id > other.id : one.id.length > other.id.length;
}
