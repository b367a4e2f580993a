// Starts the stack and the browser once, runs the suites over both, and ends both.
import { after, before } from 'node:test';
import { launch } from './browser.mjs';
import { form } from './form.mjs';
import { Stack } from './stack.mjs';
import { ticket } from './ticket.mjs';

const suite = {};

before(async () => {
  suite.stack = await Stack.start();
  suite.browser = await launch();
});

after(async () => {
  await suite.browser?.close();
  await suite.stack?.stop();
});

form(suite);
ticket(suite);
