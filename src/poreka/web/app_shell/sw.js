/* The service worker of the app. It keeps the page that says that there is no network, and what that page needs; pages of
 * people are never kept. It shows that a request waits when a push message comes: the message itself says nothing more. */

const KEPT = [/* kept */];
const WORDS = {/* words */};
const CACHE = `shell-${KEPT.join("|")}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT.map((address) => new Request(address, { credentials: "omit" })))));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const forget = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(forget());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline")));
  } else if (new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

self.addEventListener("push", (event) => {
  const words = WORDS[navigator.language.startsWith("pl") ? "pl" : "en"];
  event.waitUntil(self.registration.showNotification(words.title, { body: words.body, icon: words.icon, tag: "waiting", requireInteraction: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const show = async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const here = open.find((client) => new URL(client.url).origin === self.location.origin);
    if (!here) return self.clients.openWindow("/");
    await here.focus();
    return here.navigate("/");
  };
  event.waitUntil(show());
});
