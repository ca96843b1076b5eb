/** Paths of the emulator itself, for tests in other processes: faults, switches, recorded requests, counters. */
import { parseFault } from "./fault_json.ts";
import { type HttpRequest, type HttpResponse, jsonResponse, readText } from "./http_types.ts";
import type { Emulator } from "./mod.ts";
import { type Switches, wrongSwitch } from "./switches.ts";

type AdminHandler = (emulator: Emulator, body: unknown) => HttpResponse;

const ROUTES: Readonly<Record<string, AdminHandler>> = {
  "POST /emulator/faults": addFaults,
  "DELETE /emulator/faults": (emulator) => {
    emulator.clearFaults();
    return jsonResponse({});
  },
  "GET /emulator/requests": (emulator) => jsonResponse(emulator.requests),
  "DELETE /emulator/requests": (emulator) => {
    emulator.clearRequests();
    return jsonResponse({});
  },
  "GET /emulator/state": (emulator) => jsonResponse(emulator.stats),
  "POST /emulator/switches": setSwitches,
  "POST /emulator/login-token": (emulator) => jsonResponse({ loginToken: emulator.issueLoginToken() }),
  "POST /emulator/revoke": (emulator) => {
    emulator.revokeSessions();
    return jsonResponse({});
  },
};

/** Undefined for a path that is not the emulator's own. */
export function routeAdmin(emulator: Emulator, request: HttpRequest): Promise<HttpResponse> | undefined {
  if (!request.path.startsWith("/emulator/")) return undefined;
  return handle(emulator, request);
}

async function handle(emulator: Emulator, request: HttpRequest): Promise<HttpResponse> {
  const run = ROUTES[`${request.method} ${request.path}`];
  if (run === undefined) return problem(404, `No such admin path: ${request.method} ${request.path}`);
  const text = await readText(request.body);
  try {
    return run(emulator, text === "" ? undefined : JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return problem(400, "Body is not JSON");
    throw error;
  }
}

function problem(status: number, message: string): HttpResponse {
  return jsonResponse({ error: message }, status);
}

function addFaults(emulator: Emulator, body: unknown): HttpResponse {
  const faults = (Array.isArray(body) ? body : [body]).map(parseFault);
  const wrong = faults.find((fault) => typeof fault === "string");
  if (wrong !== undefined) return problem(400, wrong);
  for (const fault of faults) if (typeof fault !== "string") emulator.addFault(fault);
  return jsonResponse({ added: faults.length });
}

function setSwitches(emulator: Emulator, body: unknown): HttpResponse {
  if (typeof body !== "object" || body === null) return problem(400, "Body must be an object of switches");
  const wrong = wrongSwitch(body);
  if (wrong !== undefined) return problem(400, wrong);
  emulator.setSwitches(body as Partial<Switches>);
  return jsonResponse({});
}
