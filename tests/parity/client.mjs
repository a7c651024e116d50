// Sends exactly the bytes of a request over TLS, and reads the answer with all its fields as they came.
import { connect } from "node:tls";

const patience = 10_000; // ms for one answer

/** The bytes of a request; `fields` are lines. A body brings its Content-Length unless a line speaks of one. */
export function bytesOf({ line, fields, body = "" }) {
  const framed = body === "" || fields.some((field) => /^(content-length|transfer-encoding)\b/i.test(field));
  const all = framed ? fields : [...fields, `Content-Length: ${Buffer.byteLength(body, "latin1")}`];
  return Buffer.from([line, ...all, "", ""].join("\r\n") + body, "latin1");
}

/** { status, fields: [[name, value], …], body }; status 0 when the connection was closed without an answer. */
export function send(port, bytes, localAddress = "127.0.0.1") {
  return new Promise((done) => {
    const pieces = [];
    const socket = connect({
      host: "127.0.0.1",
      port,
      localAddress,
      servername: "localhost",
      rejectUnauthorized: false, // the certificate is development's own
      ALPNProtocols: ["http/1.1"],
    });
    const end = () => {
      clearTimeout(forced);
      socket.destroy();
      done(parse(Buffer.concat(pieces).toString("latin1")));
    };
    const forced = setTimeout(end, patience);
    socket.once("secureConnect", () => socket.write(bytes));
    socket.on("data", (piece) => pieces.push(piece));
    socket.once("error", end);
    socket.once("end", end);
  });
}

function parse(text) {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text);
  if (!status) return { status: 0, fields: [], body: "" };
  const end = text.indexOf("\r\n\r\n");
  const fields = text
    .slice(0, end)
    .split("\r\n")
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
  return { status: Number(status[1]), fields, body: text.slice(end + 4) };
}

/** All values of a field, in order. */
export const values = (answer, name) =>
  answer.fields.filter(([field]) => field.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
