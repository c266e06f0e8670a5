// Times as people read them, always in the zone of the service: a visit is at three where the visit is.

import { language, word } from "./words.js";

let zone = "Asia/Shanghai";
let ahead = 0;

export function settle(next) {
  zone = next.zone;
  follow(next.now);
}

// The demo's clock may be ahead of this machine's.
export function follow(now) {
  ahead = new Date(now).getTime() - Date.now();
}

export const now = () => new Date(Date.now() + ahead);

const LOCALES = { "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", en: "en-GB" };
const locale = () => LOCALES[language()];
const format = (date, options) => new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }).format(date);
const dayOf = (date) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(date);

export const sameDay = (one, other) => dayOf(one) === dayOf(other);

export const hourOf = (date) => format(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

// "11月22日 周日", "Sun 22 Nov": the two tongues do not agree on the order, nor the browsers on the space.
function plainDay(date) {
  const weekday = format(date, { weekday: "short" });
  const day = format(date, { month: language() === "en" ? "short" : "long", day: "numeric" });
  return language() === "en" ? `${weekday} ${day}` : `${day} ${weekday}`;
}

export function dayName(date) {
  const plain = plainDay(date);
  if (sameDay(date, now())) return `${word("today")} · ${plain}`;
  if (sameDay(date, new Date(now().getTime() - 86_400_000))) return `${word("yesterday")} · ${plain}`;
  return plain;
}

export const moment = (date) => `${plainDay(date)} ${hourOf(date)}`;
