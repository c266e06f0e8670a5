// The demo's clock: shows the time the house believes in, and moves it forward.

import { ask } from "./api.js";
import { follow, moment, now } from "./times.js";
import { word } from "./words.js";

const bar = document.getElementById("clock");
const face = document.getElementById("clock-time");
let complain = () => {};

export function clockFrom(demo, say) {
  complain = say;
  bar.hidden = !demo;
  showClock();
}

export function showClock() {
  face.textContent = moment(now());
  face.dateTime = now().toISOString();
}

async function move(step) {
  bar.classList.add("moving");
  try {
    follow((await ask("/demo/clock", { json: step })).now);
    showClock();
    face.setAttribute("aria-label", word("clock_moved", moment(now())));
  } catch (trouble) {
    complain(trouble.message);
  } finally {
    bar.classList.remove("moving");
  }
}

bar.addEventListener("click", (event) => {
  const { minutes, until } = event.target.dataset;
  if (minutes) move({ minutes: Number(minutes) });
  else if (until) move({ until });
});
setInterval(() => bar.hidden || showClock(), 1000);
