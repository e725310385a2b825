// An SMS centre: the server side of SMPP, as npm `smpp` has it. What happens to it is told on stdout, a JSON object a
// line; a line on stdin sets how it behaves from then on: {status, silent, receipt, hang_up, answer_ids, report_ids}.
import readline from "node:readline";
import smpp from "smpp";

const password = process.env.SMS_CENTRE_PASSWORD;
const quiet = process.env.SMS_CENTRE_QUIET === "1"; // for benchmarks: nothing is told but the number of messages
let behaviour = {};
let number = 0;
const sessions = new Set();
const tell = (told) => process.stdout.write(JSON.stringify(told) + "\n");
const plain = (text) => (Buffer.isBuffer(text) ? text.toString("latin1") : (text ?? ""));

const server = smpp.createServer((session) => {
  sessions.add(session);
  session.on("close", () => sessions.delete(session));
  session.on("error", () => sessions.delete(session));
  session.on("bind_transceiver", (pdu) => {
    const right = pdu.password === password;
    session.send(pdu.response({ command_status: right ? 0 : smpp.ESME_RINVPASWD }));
    tell({ event: right ? "bound" : "refused", system_id: pdu.system_id });
  });
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => session.send(pdu.response(), undefined, () => session.close()));
  session.on("submit_sm", (pdu) => take(session, pdu));
  session.on("deliver_sm_resp", (pdu) => quiet || tell({ event: "report_taken", status: pdu.command_status }));
});

function take(session, pdu) {
  number += 1;
  const id = named(number, behaviour.answer_ids);
  const { message, udh } = pdu.short_message;
  if (!quiet) {
    tell({
      event: "submit", id, to: pdu.destination_addr, from: pdu.source_addr, from_ton: pdu.source_addr_ton,
      to_ton: pdu.dest_addr_ton, coding: pdu.data_coding, text: plain(message), udh: udh ? Buffer.concat(udh).toString("hex") : "",
      registered: pdu.registered_delivery,
    });
  }
  const { status = 0, silent = false, receipt = "", hang_up = false } = behaviour;
  if (hang_up) return session.destroy();
  if (silent) return;
  session.send(pdu.response({ command_status: status, message_id: status ? "" : id }));
  if (receipt && status === 0 && pdu.registered_delivery) report(session, named(number, behaviour.report_ids ?? behaviour.answer_ids), receipt, pdu);
}

function named(number, written) {
  if (written === "hex") return (0xabc0 + number).toString(16).toUpperCase();
  return written === "decimal" ? String(0xabc0 + number).padStart(10, "0") : `centre-${number}`;
}

function report(session, id, receipt, pdu) {
  const asTlv = receipt.startsWith("tlv:");
  session.deliver_sm({
    source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: 4,
    short_message: asTlv ? "" : `id:${id} sub:001 dlvrd:001 submit date:2611211200 done date:2611211201 stat:${receipt} err:00A text:`,
    ...(asTlv ? { receipted_message_id: id, message_state: Number(receipt.slice(4)) } : {}),
  });
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const asked = JSON.parse(line);
  if (asked.drop) for (const session of sessions) session.destroy();
  else if (asked.count) return tell({ event: "count", number });
  else behaviour = asked;
  tell({ event: "set" });
}).on("close", () => process.exit(0));

server.listen(Number(process.env.SMS_CENTRE_PORT ?? 0), "127.0.0.1", () => tell({ event: "listening", port: server.address().port }));
