// Signing in as a technician: a code to the phone that was registered.

import { ask } from "./api.js";
import { word } from "./words.js";

const sheet = document.getElementById("sign");
const phone = document.getElementById("sign-phone");
const code = document.getElementById("sign-code");
const hint = document.getElementById("sign-hint");

export function signInSheet(restart) {
  document.getElementById("sign-in").addEventListener("click", () => {
    hint.textContent = "";
    code.value = "";
    sheet.showModal();
  });
  document.getElementById("sign-out").addEventListener("click", () => tried(() => ask("/web/sign-out", { json: {} }), restart));
  document.getElementById("sign-send").addEventListener("click", () => tried(sendCode));
  document.getElementById("sign-prove").addEventListener("click", () => tried(prove, restart));
  code.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    tried(prove, restart);
  });
}

async function sendCode() {
  await ask("/web/sign-in/code", { json: { phone: phone.value } });
  hint.textContent = word("sign_sent");
  code.focus();
}

async function prove() {
  await ask("/web/sign-in", { json: { phone: phone.value, code: code.value.trim() } });
  sheet.close();
}

async function tried(step, then) {
  try {
    await step();
    await then?.();
  } catch (trouble) {
    hint.textContent = trouble.message;
  }
}
