'use strict';
// The usual Node.js webhook handler, written with care: raw body, HMAC-SHA256 in constant time, one durable BullMQ job per event
// (the job id is the idempotency key), 200 only after Redis has answered. bench/run.sh measures Caravan against it.
//
//   PORT            listening port on loopback; 0 (default): any, printed as "listening PORT"
//   REDIS_PORT      port of a Redis on loopback (required)
//   WEBHOOK_SECRET  the shared secret (required)
//   NODES           processes that share the port (default 1; more use node:cluster)
//   AUTOMATION      1: also take the jobs, 16 at a time, and finish each at once

const cluster = require('node:cluster');
const { createHmac, timingSafeEqual } = require('node:crypto');
const express = require('express');
const { Queue, Worker } = require('bullmq');

const secret = process.env.WEBHOOK_SECRET;
const redisPort = Number(process.env.REDIS_PORT);
const port = Number(process.env.PORT || 0);
const nodes = Number(process.env.NODES || 1);
if (!secret || !redisPort) {
  console.error('WEBHOOK_SECRET and REDIS_PORT must be set.');
  process.exit(2);
}
const connection = { host: '127.0.0.1', port: redisPort };

function signed(header, body) {
  if (typeof header !== 'string' || !/^sha256=[0-9a-f]{64}$/.test(header)) return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(Buffer.from(header.slice(7), 'hex'), expected);
}

function serve() {
  const queue = new Queue('koji', {
    connection,
    // A job that went would let its event in a second time: the job id is the only memory of it.
    defaultJobOptions: { removeOnComplete: false, removeOnFail: false, attempts: 8, backoff: { type: 'exponential', delay: 10_000 } },
  });
  queue.on('error', (error) => console.error(`Redis: ${error.message}`));

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.post('/webhooks/koji', express.raw({ type: () => true, limit: '1mb' }), async (request, response) => {
    const body = request.body;
    if (!Buffer.isBuffer(body) || !signed(request.headers['x-koji-signature'], body)) {
      response.status(401).json({ error: 'signature does not verify' });
      return;
    }
    let event;
    try {
      event = JSON.parse(body);
    } catch {
      event = null;
    }
    const type = event?.event ?? event?.type;
    const interview = event?.data?.interview_id;
    if (typeof type !== 'string' || typeof interview !== 'string') {
      response.status(400).json({ error: 'no event type or interview id' });
      return;
    }
    try {
      const job = await queue.add(type, event, { jobId: `${type}-${interview}` }); // BullMQ refuses a colon in a job id
      response.status(200).json({ status: 'accepted', id: job.id });
    } catch {
      response.status(503).set('Retry-After', '5').json({ error: 'cannot store' });
    }
  });

  const server = app.listen(port, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
  if (process.env.AUTOMATION === '1') {
    const worker = new Worker('koji', async () => {}, { connection, concurrency: 16 });
    worker.on('error', (error) => console.error(`worker: ${error.message}`));
  }
  process.on('SIGTERM', () => process.exit(0));
}

if (nodes > 1 && cluster.isPrimary) {
  for (let i = 0; i < nodes; i++) cluster.fork();
  process.on('SIGTERM', () => process.exit(0));
} else {
  serve();
}
