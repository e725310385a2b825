/*
 * Node asks the machine's resolver about `*.localhost` and is told that no such name exists. RFC 6761 says that
 * these names are the loopback address, and browsers hold to it; this fetch does too, and changes nothing else.
 */
import { lookup } from 'node:dns';

import { Agent, fetch } from 'undici';

function loopbackLookup(name, options, done) {
  if (!/(^|\.)localhost$/.test(name)) return lookup(name, options, done);
  return options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
}

const dispatcher = new Agent({ connect: { lookup: loopbackLookup } });

export const localhostFetch = (url, options) => fetch(url, { ...options, dispatcher });
