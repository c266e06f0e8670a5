// Talking to the server: every refusal becomes a Trouble with a sentence that can be shown as it is.

import { language, word } from "./words.js";

export class Trouble extends Error {
  constructor(message, { code = "offline", status = 0 } = {}) {
    super(message);
    this.code = code;
    this.status = status;
  }

  // Worth another try with the same id: the server may not have seen it at all.
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export async function ask(path, { json, form, method } = {}) {
  const request = {
    method: method ?? (json || form ? "POST" : "GET"),
    headers: { "Accept-Language": language(), Accept: "application/json" },
    credentials: "same-origin",
    body: form,
  };
  if (json) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(json);
  }
  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new Trouble(word("offline"));
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  const { code = "broken", message = word("broken") } = body.error ?? {};
  throw new Trouble(message, { code, status: answer.status });
}

// crypto.randomUUID exists on secure origins only, and a phone may reach a demo by plain http.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
