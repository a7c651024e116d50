// The routes of parity_service.cpp on Express 5 with helmet, express-rate-limit, cors, csrf-csrf and express-session, set up with
// the care that their documentation advises.
import cookieParser from "cookie-parser";
import cors from "cors";
import { doubleCsrf } from "csrf-csrf";
import express from "express";
import { rateLimit } from "express-rate-limit";
import session from "express-session";
import helmet from "helmet";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [port, certificate, key, folder, fields] = process.argv.slice(2);
const minute = 60_000;

const app = express();
app.set("trust proxy", "127.0.0.1");
app.set("strict routing", true);

// --- What stands before every route

// As `limits.fields` has it; the default is the newest draft.
const told = { standardHeaders: fields === "legacy" ? false : fields, legacyHeaders: fields === "legacy" };
const limit = (limit, windowMs, more = {}) => rateLimit({ limit, windowMs, ...told, ...more });

app.use(helmet());
app.use(limit(100, 10_000, { identifier: "general", standardHeaders: false, legacyHeaders: false }));
app.use(express.static(folder));
app.use(express.json({ limit: "256kb" }));
app.use(express.urlencoded({ limit: "32kb" }));
app.use(cookieParser());
app.use(
  session({
    name: "__Host-session",
    secret: randomBytes(32).toString("hex"),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, secure: true, sameSite: "strict" },
  }),
);

const { doubleCsrfProtection, generateCsrfToken } = doubleCsrf({
  getSecret: () => "a secret that only this process has to know",
  getSessionIdentifier: (req) => req.session.id,
});

// --- Plain routes

app.get("/", (req, res) => res.json({ text: "hello" }));
app.get("/page", (req, res) => res.type("html").send("<!doctype html><title>A page</title><p>hello"));
app.get("/style.css", (req, res) => res.type("css").send("p { color: black }"));
app.get("/helmet", (req, res) => res.json({ text: "hello" }));
app.get("/helmet-page", (req, res) => res.type("html").send("<!doctype html><title>A page</title><p>hello"));
app.get("/things/:id", (req, res) => res.json({ text: req.params.id }));
app.get("/search", (req, res) => res.json({ text: req.query.q }));
app.post("/things", (req, res) => {
  if (typeof req.body?.title !== "string" || req.body.title.length > 200) return res.status(400).json({});
  res.status(201).json({ text: req.body.title });
});

// --- Limits

const limited = limit(5, minute, { identifier: "five" });
app.get("/limited", limited, (req, res) => res.json({ text: "hello" }));
app.get("/limited-too", limited, (req, res) => res.json({ text: "hello" }));
app.get("/both", limit(8, minute, { identifier: "wide" }), limit(3, minute, { identifier: "narrow" }), (req, res) =>
  res.json({ text: "hello" }),
);
const failing = limit(5, minute, { identifier: "failures", skipSuccessfulRequests: true });
app.get("/failures", failing, (req, res) => res.status(req.query.q === "right" ? 200 : 404).json({}));

// --- CORS

const allowed = ["https://app.example", "https://admin.example:8443"];
const shared = cors({
  origin: allowed,
  methods: ["GET", "PUT"],
  allowedHeaders: ["Content-Type", "X-Token"],
  maxAge: 600,
});
const trusting = cors({
  origin: allowed,
  methods: ["GET", "PUT"],
  allowedHeaders: ["Content-Type"],
  credentials: true,
});
for (const [path, rule] of [
  ["/shared", shared],
  ["/trusting", trusting],
]) {
  app.options(path, rule);
  app.get(path, rule, (req, res) => res.json({ text: "hello" }));
  app.put(path, rule, (req, res) => res.json({ text: "done" }));
}
app.options("/open", cors());
app.get("/open", cors(), (req, res) => res.json({ text: "hello" }));

// --- Sessions

app.post("/login", limit(5, 15 * minute, { skipSuccessfulRequests: true }), (req, res, next) => {
  if (!/^\w+@example\.org$/.test(req.body?.email ?? "")) return res.status(400).json({});
  if (req.body.password !== "seven green anvils sing") return res.status(401).json({});
  req.session.regenerate((error) => {
    if (error) return next(error);
    req.session.user = req.body.email;
    res.json({ email: req.body.email });
  });
});

const account = express.Router();
account.use((req, res, next) => (req.session.user ? next() : res.status(401).json({})));
account.get("/token", (req, res) => res.json({ token: generateCsrfToken(req, res) }));
account.use(doubleCsrfProtection);
account.get("/", (req, res) => res.json({ text: req.session.user }));
for (const method of ["post", "put", "patch", "delete"]) {
  account[method]("/thing", (req, res) => res.json({ text: "done" }));
}
account.post("/form", (req, res) => res.json({ text: req.body.title }));
app.use("/account", account);

app.post("/contact", doubleCsrfProtection, (req, res) => res.status(201).json({ text: req.body.title }));

// --- Errors: their code, and nothing else

app.use((error, req, res, next) => {
  if (res.headersSent) return next(error);
  res.status(error.status ?? 500).json({ code: error.code });
});

createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, app).listen(port, "127.0.0.1", function () {
  console.log(`ready: https://localhost:${this.address().port}`);
});
