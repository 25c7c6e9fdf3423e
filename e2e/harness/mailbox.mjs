// A real mail server for one journey: it takes every mail and keeps it.

import { once } from "node:events";

import { SMTPServer } from "smtp-server";

import { waitFor } from "./server.mjs";

const MAIL_LIMIT_MS = 30_000;

/** Answers `{ address, mailTo(recipient, mark), refuseNext(count), stop }`. */
export async function openMailbox() {
  const mails = [];
  let refusals = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    onData(stream, session, done) {
      const parts = [];
      stream.on("data", (part) => parts.push(part));
      stream.on("end", () => {
        if (refusals > 0) {
          refusals -= 1;
          done(Object.assign(new Error("busy"), { responseCode: 451 }));
          return;
        }
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.unshift({ to, text: decoded(Buffer.concat(parts).toString("latin1")) });
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address();
  return {
    address: `smtp://127.0.0.1:${port}`,
    mailTo: async (recipient, mark) =>
      (
        await waitFor(`a mail to ${recipient} with ${mark}`, MAIL_LIMIT_MS, () =>
          mails.find(({ to, text }) => to.includes(recipient) && text.includes(mark)),
        )
      ).text,
    count: () => mails.length,
    refuseNext: (count) => {
      refusals = count;
    },
    stop: () => new Promise((resume) => server.close(resume)),
  };
}

/** The quoted-printable encoding taken off. */
function decoded(mail) {
  const bytes = mail
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
