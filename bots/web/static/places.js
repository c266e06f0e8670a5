// Choosing a point to send: where the browser is, or in a demo one of the city's places.

import { make } from "./dom.js";
import { named, word } from "./words.js";

const MOST_SHOWN = 40;
const sheet = document.getElementById("places");
const list = document.getElementById("places-list");
const search = document.getElementById("places-search");
const hint = document.getElementById("places-hint");
let known = [];
let chosen = null;

// Return {lat, lng, label}, or null when the sheet was closed without a choice.
export function placePicker(places) {
  known = places;
  chosen = null;
  hint.textContent = "";
  search.value = "";
  search.placeholder = word("places_search");
  document.getElementById("places-known").hidden = !known.length;
  draw();
  sheet.showModal();
  return new Promise((done) => sheet.addEventListener("close", () => done(chosen), { once: true }));
}

function choose(place) {
  chosen = place;
  sheet.close();
}

function draw() {
  const sought = search.value.trim().toLowerCase();
  const fits = ({ names }) => Object.values(names).some((name) => name.toLowerCase().includes(sought));
  const rows = known.filter(fits).slice(0, MOST_SHOWN).map(({ names, lat, lng }) => {
    const button = make("button", { type: "button", text: named(names) });
    button.addEventListener("click", () => choose({ lat, lng, label: named(names) }));
    return make("li", {}, button);
  });
  list.replaceChildren(...(rows.length ? rows : [make("li", { class: "hint", text: word("places_none") })]));
}

function findMe() {
  if (!navigator.geolocation) {
    hint.textContent = word("places_failed");
    return;
  }
  hint.textContent = word("places_finding");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => sheet.open && choose({ lat: coords.latitude, lng: coords.longitude, label: word("places_here_short") }),
    (error) => (hint.textContent = word(error.code === error.PERMISSION_DENIED ? "places_refused" : "places_failed")),
    { enableHighAccuracy: true, timeout: 12_000, maximumAge: 60_000 },
  );
}

search.addEventListener("input", draw);
search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
document.getElementById("here").addEventListener("click", findMe);
