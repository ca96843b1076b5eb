/** Where config and session are kept. */
import { text, toggle } from "../options.ts";

export const SESSION_OPTIONS = {
  tokenFile: text({
    flag: "token-file",
    isRare: true,
    valueName: "FILE",
    configKey: "token_file",
    help: "Keep the session in this file instead of the config",
  }),
  tokenGetCmd: text({
    flag: "token-get-cmd",
    isRare: true,
    valueName: "COMMAND",
    configKey: "token_get_cmd",
    help: "Get the session from the output of this command",
  }),
  tokenPutCmd: text({
    flag: "token-put-cmd",
    isRare: true,
    valueName: "COMMAND",
    configKey: "token_put_cmd",
    help: "Give each new session to the standard input of this command, before it is used",
  }),
  config: text({
    flag: "config",
    valueName: "FILE",
    help: 'Config file (default: see "jottash config file")',
  }),
  passwordCommand: text({
    flag: "password-command",
    isRare: true,
    valueName: "COMMAND",
    help: "Get the password of an encrypted config from the output of this command",
  }),
  askPassword: {
    ...toggle({
      flag: "ask-password",
      isRare: true,
      help: "Ask for the password of an encrypted config (on a terminal; =false never asks)",
    }),
    default: true,
  },
} as const;
