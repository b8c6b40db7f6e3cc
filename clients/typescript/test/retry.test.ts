/** When a request is sent again, and after how long: with a clock and a die of the test's own. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type ErrorFacts,
  Failed,
  NoAnswer,
  RateLimited,
  Refused,
  TradynError,
  UnexpectedAnswer,
} from "../src/index.ts";
import {
  attemptRepeatedly,
  DEFAULT_RETRY,
  type Effect,
  REAL,
  type Retry,
  type RetryPolicy,
} from "../src/retry.ts";

const EFFECTS: readonly Effect[] = ["none", "once", "each time"];

interface Course {
  readonly error?: unknown;
  readonly result?: string;
  readonly attempts: number;
  readonly waits: readonly number[];
  readonly told: readonly Retry[];
}

/** What comes of attempts that end so, one after the other; each takes a while. */
async function course(
  ends: readonly (Error | string)[],
  { effect = "once", policy = {}, random = 1, attemptMs = 0 }: Partial<Setting> = {},
): Promise<Course> {
  let now = 0;
  let attempts = 0;
  const waits: number[] = [];
  const told: Retry[] = [];
  const attempt = (): Promise<string> => {
    now += attemptMs;
    const end = ends[Math.min(attempts, ends.length - 1)] ?? "nothing";
    attempts += 1;
    return end instanceof Error ? Promise.reject(end) : Promise.resolve(end);
  };
  const surroundings = {
    now: () => now,
    random: () => random,
    sleep: (milliseconds: number) => {
      waits.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
  const whole = { ...DEFAULT_RETRY, ...policy };
  const note = (retry: Retry): unknown => told.push(retry);
  try {
    const result = await attemptRepeatedly(attempt, effect, whole, undefined, note, surroundings);
    return { result, attempts, waits, told };
  } catch (error) {
    return { error, attempts, waits, told };
  }
}

interface Setting {
  effect: Effect;
  policy: Partial<RetryPolicy>;
  random: number;
  attemptMs: number;
}

const failed = (facts: ErrorFacts = {}): Failed => new Failed("Failed", { status: 500, ...facts });
const silent = (): NoAnswer => new NoAnswer("Silence");
const unsent = (): NoAnswer => new NoAnswer("Nobody there", { isUnsent: true });
const limited = (retryAfter: number | null = 1): RateLimited =>
  new RateLimited("Slowly", { status: 429, retryAfter });
const refused = (): Refused => new Refused("No", { status: 400 });

describe("what is repeated", () => {
  const cases: [name: string, make: () => Error, repeated: readonly Effect[]][] = [
    ["429", limited, EFFECTS],
    ["no connection", unsent, EFFECTS],
    ["500", failed, ["none", "once"]],
    ["503", () => failed({ status: 503 }), ["none", "once"]],
    ["502 of a proxy", () => failed({ status: 502 }), ["none", "once"]],
    ["no answer", silent, ["none", "once"]],
    ["400", refused, []],
    ["401", () => new TradynError("Who?", { status: 401 }), []],
    ["404", () => new TradynError("Where?", { status: 404 }), []],
    ["a page of HTML", () => new UnexpectedAnswer("Welcome", { status: 200 }), []],
    ["another error", () => new RangeError("A mistake"), []],
  ];
  for (const [name, make, repeated] of cases) {
    for (const effect of EFFECTS) {
      const isRepeated = repeated.includes(effect);
      test(`${name}, effect ${effect}: ${isRepeated ? "again" : "at once"}`, async () => {
        const error = make();
        const { attempts, result, error: thrown } = await course([error, "done"], { effect });
        assert.equal(attempts, isRepeated ? 2 : 1);
        assert.equal(result, isRepeated ? "done" : undefined);
        assert.equal(thrown, isRepeated ? undefined : error);
      });
    }
  }
});

describe("how long it waits", () => {
  test("twice as long each time, up to a limit", async () => {
    const policy = { attempts: 9, withinMs: Infinity };
    const { waits } = await course([silent()], { policy });
    assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  test("a random part of that: full jitter", async () => {
    assert.deepEqual((await course([silent()], { random: 0.2 })).waits, [50, 100, 200, 400]);
    assert.deepEqual((await course([silent()], { random: 0 })).waits, [0, 0, 0, 0]);
  });

  test("at least as long as the server asks, and not all at the same moment", async () => {
    assert.deepEqual((await course([limited(3), "done"], { random: 0 })).waits, [3000]);
    assert.deepEqual((await course([limited(3), "done"], { random: 0.5 })).waits, [3125]);
    assert.deepEqual((await course([limited(null), "done"], { random: 1 })).waits, [250]);
    assert.deepEqual(
      (await course([failed({ status: 503, retryAfter: 2 }), "done"], { random: 0 })).waits,
      [2000],
    );
  });

  test("five times within thirty seconds", async () => {
    assert.deepEqual(DEFAULT_RETRY, { attempts: 5, withinMs: 30_000, backoffMs: 250, maxBackoffMs: 8000 });
    const many = await course([silent()]);
    assert.equal(many.attempts, 5);
    const slow = await course([silent()], { attemptMs: 10_000 });
    assert.deepEqual([slow.attempts, slow.waits], [3, [250, 500]]);
  });

  test("not at all when the server asks for longer than there is", async () => {
    const late = await course([limited(31)]);
    assert.deepEqual([late.attempts, late.waits], [1, []]);
    const justInTime = await course([limited(30), "done"], { random: 0 });
    assert.deepEqual([justInTime.result, justInTime.waits], ["done", [30_000]]);
  });

  test("never when one attempt is all there may be", async () => {
    assert.equal((await course([limited()], { policy: { attempts: 1 } })).attempts, 1);
  });
});

describe("what is told", () => {
  test("each failed attempt that another follows", async () => {
    const [first, second] = [silent(), limited()];
    const { told, result } = await course([first, second, "done"]);
    assert.equal(result, "done");
    assert.deepEqual(told, [
      { error: first, attempt: 1, waitMs: 250 },
      { error: second, attempt: 2, waitMs: 1500 },
    ]);
  });

  test("the last error, and how many attempts there were", async () => {
    const last = refused();
    const { error } = await course([silent(), silent(), last]);
    assert.equal(error, last);
    assert.equal(last.attempts, 3);
  });

  const doubts: [ends: TradynError[], effect: Effect, isInDoubt: boolean][] = [
    [[silent()], "once", true],
    [[silent()], "each time", true],
    [[silent()], "none", false],
    [[failed()], "each time", true],
    [[new UnexpectedAnswer("Welcome", { status: 200 })], "each time", true],
    [[limited()], "each time", false],
    [[unsent()], "each time", false],
    [[silent(), unsent()], "once", true],
    [[unsent(), silent()], "each time", true],
    [[refused()], "once", false],
    [[silent(), limited()], "once", true],
    [[silent(), new TradynError("Expired", { status: 403 })], "once", true],
    [[silent(), limited(), refused()], "once", false],
    [[limited(), refused()], "each time", false],
  ];
  for (const [ends, effect, isInDoubt] of doubts) {
    const names = ends.map((each) => `${each.name} ${each.status}`).join(", ");
    test(`${names} leave ${isInDoubt ? "a" : "no"} doubt (effect ${effect})`, async () => {
      const { error } = await course(ends, { effect });
      assert.ok(error instanceof TradynError);
      assert.equal(error.isInDoubt, isInDoubt);
    });
  }
});

describe("a wait", () => {
  test("ends", async () => {
    await REAL.sleep(1, new AbortController().signal);
  });

  test("is cut short by the signal, with its reason", async () => {
    const reason = new Error("Enough");
    const controller = new AbortController();
    const sleeping = REAL.sleep(1_000_000, controller.signal);
    controller.abort(reason);
    await assert.rejects(sleeping, reason);
    await assert.rejects(REAL.sleep(1_000_000, controller.signal), reason);
  });
});
