// The live session: puts in place what the live server sends, lets the clocks run, sends forms without leaving the
// page, and signs ballots with a passkey. Without this script every page still works by loading it again.

const root = document.querySelector("[data-live]");
const own = document.querySelector("[data-own]");
const mine = new Set((root.dataset.seats || "").split(" ").filter(Boolean));
const leads = "leads" in root.dataset;

// ---- clocks: the server's moments, this device's seconds

let skew = Number(root.dataset.now) - Date.now();
const two = (number) => String(number).padStart(2, "0");
const face = (seconds) => {
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(Math.floor(seconds) % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
};
const tick = () => {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const { base, since, limit } = clock.dataset;
    const running = since ? Math.max(0, (Date.now() + skew - Number(since)) / 1000) : 0;
    const seconds = Number(base) + running;
    clock.querySelector("[data-face]").textContent = face(seconds);
    const over = Number(limit) ? seconds - Number(limit) : 0;
    const note = clock.querySelector("[data-over]");
    if (!note) continue;
    note.hidden = over <= 0;
    clock.classList.toggle("is-over", over > 0);
    if (over > 0) note.querySelector("[data-overrun]").textContent = face(over);
  }
};
tick();
setInterval(tick, 1000);

// ---- what is the reader's own on the page

const OWN = { "X-Part": "own" };
const ALWAYS_NEW = /(name="(?:csrfmiddlewaretoken|expected_seq)" value=")[^"]*/g;
const plain = (html) => html.replace(ALWAYS_NEW, "$1");
let shown = own ? plain(own.innerHTML) : "";

// A button that comes back after a change is the one with the same name, value and form.
const keyOf = (one) => {
  if (one.id) return one.id;
  if (one.tagName === "SUMMARY") return `of ${one.parentElement.id}`;
  const said = [...(one.form?.elements ?? [])].filter(
    (field) => field.type === "hidden" && !["csrfmiddlewaretoken", "expected_seq"].includes(field.name),
  );
  return [one.name, one.value, ...said.map((field) => field.value)].join(" ");
};
const refocus = (key, place) => {
  const again = [...own.querySelectorAll("button, input, select, textarea, summary")].find((one) => keyOf(one) === key);
  (again ?? (place?.hasAttribute("tabindex") ? place : null))?.focus({ preventScroll: true });
};

const keep = () =>
  [...own.querySelectorAll("[data-keep]")].filter((field) => field.value).map((field) => [field.id, field.value]);
const fill = (place, html) => {
  if (plain(place.innerHTML) !== plain(html)) {
    place.innerHTML = html;
    return;
  }
  const seq = /name="expected_seq" value="(\d+)"/.exec(html);
  for (const field of place.querySelectorAll("[name=expected_seq]")) field.value = seq[1]; // there is one in both
};
const put = (html, answered = false) => {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const slots = [...fresh.content.querySelectorAll("[data-slot]")];
  if (!slots.length && plain(html) === shown) return;
  const told = answered ? null : own.querySelector("[data-refused]"); // stays until the next command
  const kept = keep();
  const open = [...own.querySelectorAll("details[open][id]")].map((one) => one.id);
  const focused = own.contains(document.activeElement) ? document.activeElement : null;
  const [key, place] = focused ? [keyOf(focused), focused.closest("[data-slot]")] : [];
  if (slots.length) {
    for (const slot of slots) fill(own.querySelector(`[data-slot="${slot.dataset.slot}"]`), slot.innerHTML);
  } else {
    own.innerHTML = html;
    shown = plain(html);
  }
  for (const [id, value] of kept) {
    const field = document.getElementById(id);
    if (field && (field.tagName !== "SELECT" || [...field.options].some((one) => one.value === value))) field.value = value;
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (told && !told.isConnected) (own.querySelector('[data-slot="do"]') ?? own).prepend(told);
  if (focused === told && told) told.focus({ preventScroll: true });
  else if (focused && !focused.isConnected) refocus(key, place);
  offerPasskeys();
  tick();
};

let asking = 0;
let sending = false;
let missed = false; // something happened while a command was under way
const refresh = async () => {
  if (!own) return;
  if (sending) {
    missed = true;
    return;
  }
  const number = ++asking;
  try {
    const answer = await fetch(root.dataset.page, { headers: OWN, credentials: "same-origin" });
    const html = await answer.text();
    if (number === asking && answer.headers.get("X-Part")) put(html);
  } catch {
    // The stream says that the connection is gone; the next message asks again.
  }
};
let soon = 0;
const refreshSoon = () => {
  clearTimeout(soon);
  soon = setTimeout(refresh, leads ? 0 : Math.random() * 150);
};

const send = async (form, fields) => {
  if (sending) return;
  sending = true;
  asking += 1; // an answer that is on its way shows the page before this
  const buttons = [...own.querySelectorAll("button:enabled")]; // a second command waits for what the first one shows
  for (const button of buttons) button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: OWN, credentials: "same-origin" });
    if (!answer.headers.get("X-Part")) return location.assign(root.dataset.page);
    const html = await answer.text();
    for (const field of form.querySelectorAll("[data-keep]:not(select)")) if (answer.ok) field.value = "";
    put(html, true);
    own.querySelector("[data-refused]")?.focus();
  } catch {
    say(false);
  } finally {
    for (const button of buttons) button.disabled = false;
    sending = false;
    if (missed) refresh();
    missed = false;
  }
};

// ---- ballots signed with a passkey

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const sign = async (options) => {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: options.allowCredentials.map((entry) => ({ ...entry, id: toBytes(entry.id) })),
  };
  const { id, rawId, type, response } = await navigator.credentials.get({ publicKey });
  return JSON.stringify({
    id,
    rawId: toText(rawId),
    type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  });
};

const castSigned = async (form, fields) => {
  const failed = form.querySelector("[data-sign-failed]");
  failed.hidden = true;
  try {
    const asked = await fetch(form.dataset.options, { method: "POST", body: fields, credentials: "same-origin" });
    if (!asked.ok) throw new Error("no options");
    fields.set("answer", await sign(await asked.json()));
  } catch {
    failed.hidden = false;
    return;
  }
  await send(form, fields);
};

const offerPasskeys = () => {
  if (!own || !window.PublicKeyCredential) return;
  for (const button of own.querySelectorAll("[data-sign]")) button.hidden = false;
};
offerPasskeys();

own?.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  if (event.submitter && "sign" in event.submitter.dataset) castSigned(form, fields);
  else send(form, fields);
});

// ---- the stream

const FOR_EVERYBODY = new Set([
  "opened", "chair", "emergency", "item_added", "item_pulled", "documents_changed", "consent_adopted", "item_opened",
  "item_closed", "motion_put", "poll_closed", "tie_broken", "decided", "adjourned", "resumed", "closed",
]);
const concerns = (step) => leads || FOR_EVERYBODY.has(step.kind) || step.seats.some((seat) => mine.has(seat));

const line = document.querySelector("[data-line]");
const say = (connected) => {
  line.hidden = connected;
};

let last = "";
let wait = 500;
let source = null;

const again = () => {
  source?.close();
  source = null;
  setTimeout(connect, wait * (0.5 + Math.random()));
  wait = Math.min(wait * 2, 10000);
};

const take = (event) => {
  const { at, steps, parts } = JSON.parse(event.data);
  last = event.lastEventId;
  skew = at - Date.now();
  for (const [name, html] of Object.entries(parts)) {
    const place = document.querySelector(`[data-part="${name}"]`);
    if (place) place.innerHTML = html;
  }
  tick();
  if (steps.some(concerns)) refreshSoon();
};

const connect = async () => {
  try {
    const answer = await fetch(root.dataset.live, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if ([401, 403, 404].includes(answer.status)) return location.reload(); // signed out or unseated: the page says so, and is empty
    if (!answer.ok) throw new Error("no ticket");
    const { url } = await answer.json();
    source = new EventSource(last === "" ? url : `${url}&after=${last}`);
  } catch {
    say(false);
    return again();
  }
  source.addEventListener("open", () => {
    wait = 500;
    say(true);
    refreshSoon();
  });
  source.addEventListener("step", take);
  source.addEventListener("again", () => {
    source.close();
    connect();
  });
  source.addEventListener("error", () => {
    say(false);
    again();
  });
};
connect();
