/* The script of pages with a key (the phone app's, a desk's, where people sign in with passkeys): asks the key to sign, takes the code out of a scanned address, counts a
 * question's time down, and installs the service worker. Texts come from data attributes. */

const all = (selector) => [...document.querySelectorAll(selector)];
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** What the key signs: the page's token together with the number that was typed, if one is asked for. */
async function challengeOf(token, number) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${token}\n${number}`)));
}

/** What the key signs with the token: a number that was typed, or a decision in words and what was typed with it. */
function saidIn(form, number) {
  const { words, signs } = form.dataset;
  if (words === undefined) return number?.value ?? "";
  const typed = new FormData(form);
  return [words, ...signs.split(" ").filter(Boolean).map((name) => `${name}=${typed.get(name) ?? ""}`)].join("\n");
}

/** A credential as JSON, with every buffer in base64url (WebAuthn Level 3 §5.1, toJSON). */
function asJson(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = text(response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts, clientExtensionResults: {} });
}

/** What the key answers, as JSON; `how` says how the browser asks. */
async function answerOf(form, number, how = {}) {
  const { key: ceremony, options, token } = form.dataset;
  const asked = JSON.parse(options);
  asked.challenge = await challengeOf(token, saidIn(form, number));
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (asked[list]) asked[list] = asked[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return asJson(await navigator.credentials[ceremony]({ ...how, publicKey: asked }));
}

const OFFERED_FOR = 270_000; // the page's token lives for five minutes

/** Where the browser can, it offers the key among what it fills in, until the button asks for it (WebAuthn Level 3 §5.1.4). */
async function offerKey(form) {
  const offers = window.PublicKeyCredential?.isConditionalMediationAvailable;
  if (!offers || !(await offers.call(window.PublicKeyCredential))) return;
  const over = new AbortController();
  form.addEventListener("submit", () => over.abort());
  setTimeout(() => over.abort(), OFFERED_FOR);
  try {
    form.elements.credential.value = await answerOf(form, undefined, { mediation: "conditional", signal: over.signal });
    form.submit();
  } catch {
    // nobody chose one
  }
}

/** Asks the key, fills the answer in and sends the form. */
function askKey(form) {
  const { unsupported, failed } = form.dataset;
  const status = form.querySelector("[data-key-status]");
  const button = form.querySelector("button");
  if (!window.PublicKeyCredential) {
    status.textContent = unsupported;
    button.disabled = true;
    return;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    const number = form.elements.number;
    if (number) number.value = number.value.replace(/\s/g, "");
    if (number && !/^[0-9]{2}$/.test(number.value)) return form.submit(); // the server says what is wrong
    button.disabled = true;
    status.textContent = "";
    try {
      form.elements.credential.value = await answerOf(form, number);
      form.submit();
    } catch {
      status.textContent = failed;
      button.disabled = false;
    }
  });
}

const CODE = /^[0-9A-Z]{12}$/;

/** A scanned code stands behind the # of the address: out of the address with it. It is kept until the page that takes it. */
function keepCode() {
  const code = location.hash.slice(1);
  if (!CODE.test(code)) return;
  sessionStorage.setItem("code", code);
  history.replaceState(null, "", location.pathname + location.search);
}

/** The page that takes a scanned code sends it on at once. */
function takeCode(form) {
  const code = sessionStorage.getItem("code");
  if (!code) return;
  sessionStorage.removeItem("code");
  form.elements.code.value = code;
  form.submit();
}

/** How many seconds are left; at the end the page is asked anew. */
function countDown(line) {
  const ends = performance.now() + Number(line.dataset.countdown) * 1000;
  const show = () => {
    const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    line.textContent = left ? line.dataset.left.replace("{seconds}", left) : line.dataset.over;
    if (!left) {
      clearInterval(timer);
      location.reload();
    }
  };
  const timer = setInterval(show, 1000);
  show();
}

/** Asks the browser for a push subscription, and sends it with the form. */
function wake(form) {
  const { push: key, refused, unsupported } = form.dataset;
  const status = form.querySelector("[data-push-status]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!("PushManager" in window) || !navigator.serviceWorker) {
      status.textContent = unsupported;
      return;
    }
    try {
      const worker = await navigator.serviceWorker.ready;
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
      form.elements.subscription.value = JSON.stringify(made);
      form.submit();
    } catch {
      status.textContent = refused;
    }
  });
}

all("form[data-push]").forEach(wake);
all("form[data-key]").forEach(askKey);
all("form[data-beside]").forEach((form) => { form.hidden = false; });
all("form[data-beside]").slice(0, 1).forEach(offerKey);
all("[data-without-script]").forEach((note) => { note.hidden = true; });
keepCode();
all("form[data-code-from-address]").slice(0, 1).forEach(takeCode);
all("[data-countdown]").forEach(countDown);
if (document.querySelector('link[rel="manifest"]')) navigator.serviceWorker?.register("/sw.js").catch(() => {});
