/* What runs in the browser: it asks its own server who is signed in. There is no token here to be stolen. */
const asked = (path, method = 'GET') => fetch(path, { method, headers: { 'x-from-app': '1' } });
const show = (id) => document.getElementById(id).removeAttribute('hidden');
const say = (words) => { document.getElementById('who').textContent = words; };

document.getElementById('sign-out').addEventListener('click', async () => {
  location.assign((await (await asked('/api/sign-out', 'POST')).json()).to);
});

const me = await asked('/api/me');
if (me.ok) {
  const facts = await me.json();
  say(`Signed in: ${facts.given_name} ${facts.family_name}`);
  show('sign-out');
} else {
  say(new URLSearchParams(location.search).has('sign-in') ? 'You were not signed in. You can try again.' : 'Nobody is signed in.');
  show('sign-in');
}
