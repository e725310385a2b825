/* The one script of Poręka's pages. Every page works without it; it only saves steps:
 * the session's countdown, showing a password, one click = one submit, focus on the errors,
 * copying a text, moving on between the places of a masked identifier, looking for new messages,
 * waiting for the answer of an app.
 * Texts come from data attributes, so the script knows no language. */

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

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

  const words = (seconds) => (seconds > 60 ? `${Math.ceil(seconds / 60)} min` : `${seconds} s`);
  const say = (template, seconds) => { live.textContent = template.replace("{time}", words(seconds)); };

  function show() {
    const left = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
    box.classList.toggle("p-session--warning", left <= warn);
    text.textContent = left ? textLeft.replace("{time}", words(left)) : textExpired;
    if (!left) {
      form.hidden = true;
      live.textContent = textExpired;
      clearInterval(timer);
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

/** Goes to the next asked place once one is filled, and back on Backspace in an empty one. */
function autoAdvance(row) {
  const places = all("input", row);
  places.forEach((place, at) => {
    place.addEventListener("input", () => { if (place.value) places[at + 1]?.focus(); });
    place.addEventListener("keydown", (event) => {
      if (event.key === "Backspace" && !place.value) places[at - 1]?.focus();
    });
  });
}

/** Asks for this page again every few seconds while it is looked at, and takes over the box when it has changed; so often,
 * and until the page says that there is no more to wait for. */
function refresh(box) {
  const status = document.querySelector("[data-refresh-status]");
  const seconds = Number(box.dataset.refresh);
  let looks = Number(box.dataset.refreshLooks ?? Infinity);
  if (!seconds) return;
  const timer = setInterval(async () => {
    if (document.hidden || box.contains(document.activeElement)) return;
    if (--looks < 1) clearInterval(timer);
    try {
      const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "error" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
      if (!answer.ok || !fresh || fresh.innerHTML === box.innerHTML) return;
      if (!Number(fresh.dataset.refresh)) clearInterval(timer);
      box.replaceChildren(...fresh.childNodes);
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

all("[data-auto-submit]").slice(0, 1).forEach(sendOn);
all("[data-session]").forEach(countDown);
all("[data-password]").forEach(showPassword);
all("[data-prevent-double-click]").forEach(submitOnce);
all("[data-copy]").forEach(copyText);
all("[data-auto-advance]").forEach(autoAdvance);
all("[data-refresh]").forEach(refresh);
all("[data-await-answer]").forEach(awaitAnswer);
all("[data-error-summary]").slice(0, 1).forEach(focusErrors);
