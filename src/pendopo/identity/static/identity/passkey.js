// Passkeys as an enhancement: show the section where the browser knows them, talk to the authenticator, and
// send its answer as an ordinary form. Everything that is decided is decided on the server.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const readOptions = (options) => ({
  ...options,
  challenge: toBytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: toBytes(options.user.id) } }),
  ...(options.excludeCredentials && {
    excludeCredentials: options.excludeCredentials.map((entry) => ({ ...entry, id: toBytes(entry.id) })),
  }),
  ...(options.allowCredentials && {
    allowCredentials: options.allowCredentials.map((entry) => ({ ...entry, id: toBytes(entry.id) })),
  }),
});

const writeCredential = (credential) => {
  const { response } = credential;
  const answer = { clientDataJSON: toText(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = toText(response.attestationObject);
    answer.transports = response.getTransports ? response.getTransports() : [];
  } else {
    answer.authenticatorData = toText(response.authenticatorData);
    answer.signature = toText(response.signature);
    answer.userHandle = response.userHandle ? toText(response.userHandle) : null;
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: answer,
  });
};

const begin = async (form) => {
  const fields = new FormData();
  for (const name of ["csrfmiddlewaretoken", "i"]) {
    if (form.elements[name]) fields.set(name, form.elements[name].value);
  }
  const answer = await fetch(form.dataset.challenge, { method: "POST", body: fields, credentials: "same-origin" });
  if (answer.status === 429) throw new Error("too many"); // loading the page anew would only ask again
  if (!answer.ok || answer.redirected) {
    location.reload();
    throw new Error("the page is too old");
  }
  return answer.json();
};

const say = (form, what) => {
  for (const line of form.querySelectorAll("[data-say]")) line.hidden = line.dataset.say !== what;
};

const send = (form, ceremony, credential) => {
  form.elements.ceremony.value = ceremony;
  form.elements.credential.value = writeCredential(credential);
  form.submit();
};

const ask = async (form, more) => {
  const { ceremony, options } = await begin(form);
  const publicKey = readOptions(options);
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey, ...more });
  if (credential) send(form, ceremony, credential);
};

let silent = null; // the request behind the NIK field's suggestions, if one is waiting

const enhance = (form) => {
  form.hidden = false;
  form.closest("[data-passkey-section]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    silent?.abort();
    say(form, "waiting");
    try {
      await ask(form, {});
    } catch {
      say(form, "failed");
    }
  });
};

const offerSuggestions = async (form) => {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  silent = new AbortController();
  try {
    await ask(form, { mediation: "conditional", signal: silent.signal });
  } catch {
    // Declined or replaced by the button: nothing to say.
  }
};

if (window.PublicKeyCredential && navigator.credentials) {
  for (const line of document.querySelectorAll("[data-passkey-unsupported]")) line.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    enhance(form);
    if ("conditional" in form.dataset) offerSuggestions(form);
  }
}
