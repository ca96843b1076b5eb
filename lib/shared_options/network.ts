/** How the service is reached. */
import { duration, text } from "../options.ts";

export const NETWORK_OPTIONS = {
  timeout: duration({
    flag: "timeout",
    default: 300_000,
    minMs: 1_000,
    help: "Give up a connection that is silent for so long (default 5m)",
  }),
  endpoint: text({
    flag: "endpoint",
    valueName: "URL",
    configKey: "endpoint",
    help: "One address in place of the service's hosts (https, or http on loopback)",
  }),
} as const;
