// Preloaded into Playwright's driver: names under localhost are this machine (RFC 6761 §6.3), as browsers know without
// asking. The driver connects by itself for windows that have a client certificate, and asks the system, which may not.
const dns = require("node:dns");

const ask = dns.promises.lookup;
const here = { address: "127.0.0.1", family: 4 };

dns.promises.lookup = async (name, options) => {
  if (!name.endsWith(".localhost")) return ask(name, options);
  if (!options?.all) return here;
  return options.family === 6 ? [] : [here];
};
