/* The one script of Poręka's pages. Every page works without it; it only saves steps:
 * the session's countdown, what is left of a limited time, showing a password, one click = one submit,
 * focus on the errors, copying a text, looking for new messages, waiting for the answer of an app.
 * Texts come from data attributes, so the script knows no language. */

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const words = (seconds) => (seconds > 60 ? `${Math.ceil(seconds / 60)} min` : `${seconds} s`);

/** Counts the session down by the server's clock, warns once, extends without leaving the page. */
function countDown(box) {
  const { textLeft, textWarning, textExtended, textExpired, textFailed } = box.dataset;
  const warn = Number(box.dataset.warn);
  const text = box.querySelector("[data-session-text]");
  const live = box.querySelector("[data-session-live]");
  const form = box.querySelector("form");
  // performance.now() goes on when somebody sets the computer's clock.
  let endsAt = performance.now() + (Number(box.dataset.endsAt) - Number(box.dataset.now)) * 1000;
  let warned = false;

  const say = (template, seconds) => { live.textContent = template.replace("{time}", words(seconds)); };

  function show() {
    const left = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
    box.classList.toggle("p-session--warning", left <= warn);
    text.textContent = left ? textLeft.replace("{time}", words(left)) : textExpired;
    if (!left) {
      clearInterval(timer);
      leaveScreen(box, textExpired);
    } else if (left <= warn && !warned) {
      warned = true;
      say(textWarning, left);
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "error",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { ends_at, now } = await answer.json();
      endsAt = performance.now() + (ends_at - now) * 1000;
      warned = false;
      say(textExtended, Math.round(ends_at - now));
      show();
    } catch {
      live.textContent = textFailed;
      text.textContent = textFailed;
    }
  });

  const timer = setInterval(show, 1000);
  show();
}

/** The session is over: nothing about the person stays on the screen. A form that its session may outlive waits, out of
 * sight, for the button that sends it to where it is kept. */
function leaveScreen(box, said) {
  const main = document.getElementById("main");
  const kept = main.querySelector("form[data-kept]");
  const next = box.querySelector(kept ? "[data-session-keep]" : "[data-session-again]");
  const heading = document.createElement("h1");
  heading.className = "govuk-heading-l";
  heading.textContent = document.title = said;
  heading.tabIndex = -1;
  if (kept) next.setAttribute("form", kept.id);
  next.hidden = false;
  const hadFocus = main.contains(document.activeElement);
  [...main.children].forEach((part) => { if (kept) part.hidden = true; else part.remove(); });
  main.prepend(heading, next);
  if (hadFocus) heading.focus();
  all(".p-header__person").forEach((person) => person.remove());
  all("p:not([role]), form", box).forEach((part) => { part.hidden = true; });
  box.classList.remove("p-session--warning");
  box.querySelector("[data-session-live]").textContent = said;
}

/** Counts a limited time down for the eye; says aloud only that it is nearly over, and that it is. */
function limitedTime(box) {
  const { textLeft, textOver } = box.dataset;
  const [shown, live] = all("p", box);
  const seconds = Number(box.dataset.timeLeft);
  const endsAt = performance.now() + seconds * 1000;
  let soon = seconds > 60;

  function show() {
    if (!box.isConnected) return clearInterval(timer);
    const left = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
    shown.textContent = left ? textLeft.replace("{time}", words(left)) : textOver;
    if (soon && left <= 60 && left) {
      soon = false;
      live.textContent = shown.textContent;
    }
    if (!left) {
      clearInterval(timer);
      live.textContent = textOver;
    }
  }
  const timer = setInterval(show, 1000);
  show();
}

/** Shows and hides a password; hides it again before it is sent, so that browsers do not keep it as plain text. */
function showPassword(box) {
  const input = box.querySelector("input");
  const button = box.querySelector("button");
  const status = document.createElement("span");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  box.append(status);

  function set(shown) {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? box.dataset.hide : box.dataset.show;
    button.setAttribute("aria-label", shown ? box.dataset.hideLabel : box.dataset.showLabel);
    status.textContent = shown ? box.dataset.shown : box.dataset.hidden;
  }
  button.hidden = false;
  button.addEventListener("click", () => set(input.type === "password"));
  input.form?.addEventListener("submit", () => { if (input.type === "text") set(false); });
}

/** Drops a second click on the same button within a second: one intention, one request. */
function submitOnce(button) {
  let last = -Infinity;
  button.addEventListener("click", (event) => {
    if (event.timeStamp - last < 1000) event.preventDefault();
    else last = event.timeStamp;
  });
}

/** Moves focus to the summary of errors, and from its links to the fields with their labels in view. */
function focusErrors(summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const id = event.target.closest("a")?.hash.slice(1);
    const field = id && document.getElementById(id);
    if (!field) return;
    event.preventDefault();
    const label = field.closest("fieldset")?.querySelector("legend") ?? document.querySelector(`label[for="${CSS.escape(id)}"]`);
    (label ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

/** Copies the text of a block and says so. */
function copyText(box) {
  if (!navigator.clipboard) return;
  const button = box.querySelector("button");
  const done = box.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("pre").textContent);
    done.textContent = box.dataset.done;
    setTimeout(() => { done.textContent = ""; }, 4000);
  });
}

/** What an element is, whichever copy of it: where it leads, or what it sends. */
const nameOf = (element) => [
  element.tagName, element.id, element.href ?? element.form?.action, element.name, element.value, element.textContent.trim(),
].join(" ");

/** Puts a fresh page's box in place of this one's, and its title. The focus stays on the same thing; where that is gone, it
 * goes to the heading, so that nobody stands nowhere. */
function takeOver(box, page, fresh) {
  const held = box.contains(document.activeElement) && nameOf(document.activeElement);
  document.title = page.title;
  box.replaceChildren(...fresh.childNodes);
  enliven(box);
  if (!held) return;
  const same = all("a, button, summary", box).find((element) => nameOf(element) === held);
  const heading = box.querySelector("h1, h2") ?? document.querySelector("h1");
  if (!same) heading.tabIndex = -1;
  (same ?? heading).focus();
}

/** Asks for this page again every few seconds while it is looked at, and takes over the box when it has changed; so often,
 * and until the page says that there is no more to wait for. A field that is being filled in is left alone. */
function refresh(box) {
  const status = document.querySelector("[data-refresh-status]");
  const seconds = Number(box.dataset.refresh);
  const content = (element) => element.innerHTML.replace(/ data-time-left="\d+"/g, "");
  let looks = Number(box.dataset.refreshLooks ?? Infinity);
  let known = content(box);
  if (!seconds) return;
  const timer = setInterval(async () => {
    if (document.hidden || box.querySelector(":is(input, select, textarea):focus")) return;
    if (--looks < 1) clearInterval(timer);
    try {
      const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-refresh]");
      if (!answer.ok || !fresh || content(fresh) === known) return;
      if (!Number(fresh.dataset.refresh)) clearInterval(timer);
      known = content(fresh);
      takeOver(box, page, fresh);
      if (status) status.textContent = status.dataset.changed;
    } catch { /* the server is away for a moment: the next look will tell */ }
  }, seconds * 1000);
}

/** Asks how a question in the app stands; goes on when it was approved, and shows the page anew when it ended. */
function awaitAnswer(box) {
  const { awaitAnswer: address, state, trouble } = box.dataset;
  const timer = setInterval(async () => {
    if (state === "approved") return clearInterval(timer);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return;
      const now = await answer.json();
      if (now.state === state && now.trouble === trouble) return;
      clearInterval(timer);
      if (now.state === "approved") box.querySelector("form").submit();
      else location.replace(location.pathname);
    } catch { /* the server is away for a moment: the next look will tell */ }
  }, 2000);
}

/** Sends on a form that only carries an answer to another site (form_post); its button does it without a script. */
function sendOn(form) {
  form.submit();
}

/** What a page or a fresh part of it does by itself. */
function enliven(root) {
  all("[data-password]", root).forEach(showPassword);
  all("[data-prevent-double-click]", root).forEach(submitOnce);
  all("[data-copy]", root).forEach(copyText);
  all("[data-time-left]", root).forEach(limitedTime);
}

all("[data-auto-submit]").slice(0, 1).forEach(sendOn);
all("[data-refresh]").forEach(refresh); // reads the page as it came
all("[data-session]").forEach(countDown);
all("[data-await-answer]").forEach(awaitAnswer);
all("[data-error-summary]").slice(0, 1).forEach(focusErrors);
enliven(document);
