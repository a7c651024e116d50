// Express 5 with the packages a careful team adds by hand; the same two routes as benchmarks/service.
//
// Where a package leaves a choice, the cheaper one is taken: buffered access log with two short serializers instead of all
// headers, one combined RateLimit header instead of two with a hashed key, no ETag, no session, no CSRF token, no CORS.
'use strict';

const cluster = require('node:cluster');
const express = require('express');
const helmet = require('helmet');
const pino = require('pino');
const pinoHttp = require('pino-http');
const { rateLimit } = require('express-rate-limit');
const { z } = require('zod');

const port = Number(process.env.PORT || 8080);
const workers = Number(process.env.WORKERS || 1);

const Note = z.strictObject({
  title: z.string().min(1).max(200),
  body: z.string().max(10000),
});

const titles = { 400: 'Bad Request', 404: 'Not Found', 413: 'Content Too Large', 415: 'Unsupported Media Type' };

function problem(res, status, errors) {
  const title = titles[status] || 'Internal Server Error';
  res.status(status).type('application/problem+json').json({ type: 'about:blank', title, status, errors });
}

function serve() {
  const file = process.env.ACCESS_LOG || '/dev/null';
  const log = pino(pino.destination({ dest: file, sync: false, minLength: 8192 }));
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(pinoHttp({
    logger: log,
    serializers: {
      req: (req) => ({ method: req.method, url: req.url, src: req.remoteAddress }),
      res: (res) => ({ status: res.statusCode }),
    },
  }));
  app.use(helmet());
  // The limiter counts every request; only its limit is out of reach.
  app.use(rateLimit({ windowMs: 60_000, limit: 1_000_000_000, standardHeaders: 'draft-7', legacyHeaders: false }));
  app.use(express.json({ limit: '256kb' }));

  app.get('/', (req, res) => {
    res.json({ message: 'Hello, World!' });
  });

  app.post('/notes', (req, res) => {
    const note = Note.safeParse(req.body);
    if (!note.success) {
      const errors = note.error.issues.map((issue) => ({ pointer: '/' + issue.path.join('/'), code: issue.code }));
      return problem(res, 400, errors);
    }
    res.status(201).json({ title: note.data.title, body: note.data.body });
  });

  app.use((req, res) => problem(res, 404));
  app.use((error, req, res, next) => {
    if (res.headersSent) return next(error);
    req.log.error(error);
    problem(res, error.status in titles ? error.status : 500);
  });

  const server = app.listen(port, '127.0.0.1', (error) => {
    if (error) throw error;
    console.log(`ready: http://127.0.0.1:${port}`);
  });
  process.on('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    log.flush(() => process.exit(0));
  });
}

if (workers > 1 && cluster.isPrimary) {
  for (let i = 0; i < workers; i++) cluster.fork();
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM');
  });
} else {
  serve();
}
