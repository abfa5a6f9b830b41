// Passkeys, and what the pages of members need. Without it people log in with the password.
"use strict";

const passkeys = window.PublicKeyCredential && typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function";

// complain says what went wrong; "" takes it back.
function complain(form, text) {
  const place = form.querySelector("[data-passkey-problem]") || document.querySelector("[data-passkey-problem]");
  place.textContent = text;
  place.hidden = !text;
}

// Ask the server for a challenge, the browser for its answer, and send that as the form that it is.
async function answerChallenge(form) {
  const begun = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
  const challenge = await begun.json();
  if (!begun.ok) throw new Error(challenge.errors?.[0]?.message || challenge.detail);
  const credential = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(challenge.options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(challenge.options) });
  form.elements.challenge.value = challenge.id;
  form.elements.answer.value = JSON.stringify(credential.toJSON());
  form.submit();
}

function onPasskey(event) {
  const form = event.target;
  if (!form.dataset.passkey) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  complain(form, "");
  answerChallenge(form).catch((error) => {
    button.disabled = false;
    const given = { NotAllowedError: "Nothing came from the device. Try again.", InvalidStateError: "This device has a passkey here already." };
    complain(form, given[error.name] || error.message || "That did not work. Try again.");
  });
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  await navigator.clipboard.writeText(field.value);
  button.textContent = "Copied";
}

document.addEventListener("submit", onPasskey);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button).catch(() => { button.textContent = "Press Ctrl+C"; });
});
for (const place of document.querySelectorAll("[data-needs-script]")) {
  const needsPasskeys = place.matches("[data-passkey]") || place.querySelector("[data-passkey]");
  if (!needsPasskeys || passkeys) place.hidden = false;
}
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
