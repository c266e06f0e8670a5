// The live line to the server: a stream of events while the page is looked at, plain asking while it is not.

import { ask } from "./api.js";

const ASKING_WHEN_HIDDEN = 15_000;
const ASKING_WHEN_CUT = 3_000;
const PATIENCE = 2_000;

export class Wire {
  #seat;
  #hear;
  #tell;
  #stream = null;
  #asking = null;
  #worry = null;
  #closed = false;

  // `hear` gets {lines, now}; `tell` gets true (live), false (cut off) or the Trouble that ended it.
  constructor(seat, hear, tell) {
    this.#seat = seat;
    this.#hear = hear;
    this.#tell = tell;
    this.turn = this.turn.bind(this);
    document.addEventListener("visibilitychange", this.turn);
    this.turn();
  }

  close() {
    this.#closed = true;
    document.removeEventListener("visibilitychange", this.turn);
    this.#hangUp();
    clearTimeout(this.#asking);
  }

  // A browser allows six connections to one host: tabs nobody looks at must not hold them.
  turn() {
    clearTimeout(this.#asking);
    if (document.hidden) {
      this.#hangUp();
      this.#askLater(ASKING_WHEN_HIDDEN);
    } else {
      this.#dial();
    }
  }

  async refresh() {
    this.#hear(await ask(`/web/${this.#seat}/lines`));
  }

  #dial() {
    this.#hangUp();
    this.#stream = new EventSource(`/web/${this.#seat}/stream`);
    this.#stream.addEventListener("lines", (event) => {
      this.#calm();
      clearTimeout(this.#asking);
      this.#hear(JSON.parse(event.data));
    });
    this.#stream.addEventListener("error", () => this.#cut());
  }

  #hangUp() {
    this.#stream?.close();
    this.#stream = null;
    clearTimeout(this.#worry);
    this.#worry = null;
  }

  #calm() {
    clearTimeout(this.#worry);
    this.#worry = null;
    this.#tell(true);
  }

  // Every stream ends after a while and is dialled again at once: only a lasting silence is worth a word.
  #cut() {
    this.#worry ??= setTimeout(() => this.#tell(false), PATIENCE);
    if (this.#stream?.readyState === EventSource.CLOSED) this.#askLater(ASKING_WHEN_CUT);
  }

  #askLater(pause) {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(async () => {
      try {
        await this.refresh();
        if (this.#closed) return;
        if (document.hidden) this.#askLater(ASKING_WHEN_HIDDEN);
        else this.#dial();
      } catch (trouble) {
        if (this.#closed) return;
        this.#tell(trouble);
        this.#askLater(pause);
      }
    }, pause);
  }
}
