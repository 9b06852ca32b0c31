// The way to other destinations: streaming both ways, nothing but what lies below the base, credentials kept.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { connect } from "node:net";
import { PassThrough } from "node:stream";
import test from "node:test";
import { publicSettings } from "../../provider/settings.mjs";
import { provide, raw } from "./kit.mjs";

/**
 * A destination that tells what it was asked, and a server that forwards to it.
 * @param {import("node:test").TestContext} t @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} [answer]
 * @param {{ authorization?: string, port?: number }} [how]
 */
async function forwarding(t, answer = tell, { authorization, port } = {}) {
  const destination = createServer(answer);
  await new Promise((done) => destination.listen(0, "127.0.0.1", () => done(undefined)));
  t.after(() => {
    destination.closeAllConnections();
    destination.close();
  });
  const at = /** @type {import("node:net").AddressInfo} */ (destination.address()).port;
  const forward = `http://127.0.0.1:${port ?? at}/base/dicom-web`;
  const settings = {
    schema: "tokumei.settings/1",
    destinations: [
      { name: "own", url: "dicom-web" },
      { name: "other", forward, ...(authorization && { authorization }) },
    ],
  };
  return { ...(await provide(t, { settings })), settings };
}

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
async function tell(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  response.writeHead(207, { "Content-Type": "application/json", Warning: '299 x "y"' });
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
}

test("method, path, query, headers and body go on; status, headers and body come back", async (t) => {
  const { ask } = await forwarding(t);
  const answer = await ask("/to/2/studies/1.2.3?limit=1&includefield=00080018", {
    method: "POST",
    headers: {
      "Content-Type": "text/plain",
      Authorization: "Bearer abc",
      Cookie: "a=b",
      Origin: "http://x",
      "X-Own": "1",
    },
    body: "hello",
  });
  assert.equal(answer.status, 207);
  assert.equal(answer.headers.warning, '299 x "y"');
  const { method, url, headers, body } = answer.json;
  assert.deepEqual(
    [method, url, body],
    ["POST", "/base/dicom-web/studies/1.2.3?limit=1&includefield=00080018", "hello"],
  );
  assert.equal(headers["x-own"], "1");
  assert.equal(headers.authorization, "Bearer abc");
  for (const name of ["cookie", "origin", "referer"]) assert.equal(headers[name], undefined, name);
  assert.match(headers.host, /^127\.0\.0\.1:\d+$/);
});

test("headers of one connection stay there", async (t) => {
  const { port } = await forwarding(t);
  const answer = await raw(port, [
    "GET /to/2/studies HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\nProxy-Authorization: Basic x\r\nX-Kept: 1\r\n\r\n",
  ]);
  const { headers } = JSON.parse(/\{.*\}/.exec(answer)?.[0] ?? "{}");
  assert.equal(headers["x-kept"], "1");
  for (const name of ["x-hop", "te", "proxy-authorization"]) assert.equal(headers[name], undefined, name);
});

test("nothing but what lies below the base, and no other methods", async (t) => {
  const { ask, port } = await forwarding(t);
  for (const path of [
    "/to/2/../../secret",
    "/to/2/%2e%2e/secret",
    "/to/2/..%2f..%2fsecret",
    "/to/2/a/../b",
    "/to/2/a//b",
    "/to/2/./a",
    "/to/2/a%5cb",
    "/to/2/",
    "/to/2",
    "/to/1/studies",
    "/to/3/studies",
    "/to/0/studies",
    "/to/x/studies",
    "/to/2/@evil.example/",
    "/to/2/a b",
  ]) {
    const answer = await raw(port, [`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`]);
    assert.match(answer, /^HTTP\/1\.1 40[04] /, path);
  }
  for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
    assert.equal((await ask("/to/2/studies", { method })).status, 405, method);
  }
});

test("credentials of the settings are added, and shown to nobody", async (t) => {
  const authorization = "Basic c2VjcmV0OnNlY3JldA==";
  const { ask, settings } = await forwarding(
    t,
    (request, response) => {
      response.setHeader("WWW-Authenticate", "Basic");
      tell(request, response);
    },
    { authorization },
  );
  const answer = await ask("/to/2/studies", { headers: { Authorization: "Bearer page" } });
  assert.equal(answer.json.headers.authorization, authorization);
  assert.equal(answer.headers["www-authenticate"], undefined);
  const shown = await ask("/settings.json");
  assert.deepEqual(shown.json.destinations, [
    { name: "own", url: "dicom-web" },
    { name: "other", url: "to/2" },
  ]);
  assert.ok(!JSON.stringify(publicSettings(settings)).includes("c2Vj"));
});

test("what comes back has no say in our pages", async (t) => {
  const { ask } = await forwarding(t, (_, response) => {
    response.writeHead(302, {
      "Content-Type": "text/html",
      "Set-Cookie": "a=b",
      Location: "http://evil.example/",
      "Access-Control-Allow-Origin": "*",
      "Content-Security-Policy": "default-src *",
      "Clear-Site-Data": '"*"',
      Connection: "close, X-Hop",
      "X-Hop": "1",
    });
    response.end("<script>alert(1)</script>");
  });
  const { headers } = await ask("/to/2/studies");
  for (const name of ["set-cookie", "location", "access-control-allow-origin", "clear-site-data", "x-hop"]) {
    assert.equal(headers[name], undefined, name);
  }
  assert.equal(headers["content-security-policy"], "default-src 'none'; sandbox");
  assert.equal(headers["x-content-type-options"], "nosniff");
});

test("bodies stream: the first bytes arrive while the last are not written", async (t) => {
  const seen = deferred();
  const { ask } = await forwarding(t, (request, response) => {
    request.once("data", () => seen.resolve(undefined));
    response.writeHead(200);
    request.pipe(response);
  });
  const body = new PassThrough();
  const answer = ask("/to/2/studies", { method: "POST", body });
  body.write("first");
  await seen.promise;
  body.end("last");
  assert.equal((await answer).text, "firstlast");
});

test("an answer that comes before the body was taken reaches the sender", async (t) => {
  const { ask } = await forwarding(t, (request, response) => {
    response.writeHead(413);
    response.end("too large");
    setTimeout(() => request.resume(), 100);
  });
  const body = Buffer.alloc(20_000_000);
  const { status } = await ask("/to/2/studies", { method: "POST", headers: { "Content-Length": body.length }, body });
  assert.equal(status, 413);
});

test("a destination that is not there is 502, one that breaks off a broken answer", async (t) => {
  const free = createServer();
  await new Promise((done) => free.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (free.address());
  await new Promise((done) => free.close(done));
  const gone = await forwarding(t, tell, { port });
  assert.equal((await gone.ask("/to/2/studies", { method: "POST", body: "x".repeat(100_000) })).status, 502);
  const broken = await forwarding(t, (_, response) => {
    response.writeHead(200, { "Content-Length": 100 });
    response.write("half");
    setTimeout(() => response.destroy(), 50);
  });
  await assert.rejects(broken.ask("/to/2/studies"));
  assert.equal((await broken.ask("/settings.json")).status, 200);
});

test("whoever goes away is not waited for", async (t) => {
  for (const half of [
    "POST /to/2/studies HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nhalf",
    "GET /to/2/studies HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
  ]) {
    const [asked, closed] = [deferred(), deferred()];
    const { port } = await forwarding(t, (request, response) => {
      request.resume();
      response.on("close", () => closed.resolve(undefined));
      asked.resolve(undefined);
    });
    const line = connect(port, "127.0.0.1");
    line.on("error", () => {});
    line.write(half);
    await asked.promise;
    line.destroy();
    await closed.promise;
  }
});

function deferred() {
  /** @type {(value: unknown) => void} */
  let resolve = () => {};
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
