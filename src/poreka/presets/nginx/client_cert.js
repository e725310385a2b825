// The client's certificate as RFC 9440 wants it: the DER in base64 between colons; nothing where there is none.
function header(r) {
  const pem = r.variables.ssl_client_raw_cert;
  return pem ? ":" + pem.split("\n").filter((line) => !line.startsWith("-----")).join("") + ":" : "";
}

export default { header };
