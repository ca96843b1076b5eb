/**
 * May this session be used as it is, and may its refresh token be spent? The rules alone, as a table of facts.
 *
 * A refresh token that may be spent already (a refresh was interrupted), or that another machine holds too (a copied
 * config), is kept back while the access token lives: to send it could end the session. An interrupted refresh gets
 * one more try after that, because there is nothing to lose by then; a copied session does not, because the other
 * machine would lose it, too.
 */

export interface SessionFacts {
  /** Far from its end, as far as the clock knows. */
  readonly isFresh: boolean;
  /** Alive for as long as the caller needs it, and not refused by the service. */
  readonly isGood: boolean;
  readonly hasRefreshToken: boolean;
  /** The next token has a place to be kept. */
  readonly canSave: boolean;
  readonly isCopied: boolean;
  /** A refresh with this very refresh token was begun, and nobody saw its end. */
  readonly isInterrupted: boolean;
}

/** What keeps a refresh token from being spent. */
export type Obstacle = "not-kept" | "no-refresh-token" | "copied";

export type Verdict =
  | { readonly kind: "use"; readonly notice?: "copied" | "interrupted" }
  | { readonly kind: "refresh" }
  | { readonly kind: "refuse"; readonly obstacle: Obstacle };

export function judgeSession(facts: SessionFacts): Verdict {
  const obstacle = obstacleOf(facts);
  const isHeldBack = obstacle !== undefined || facts.isInterrupted;
  if (facts.isGood && (facts.isFresh || isHeldBack)) return { kind: "use", ...noticeOf(facts) };
  return obstacle === undefined ? { kind: "refresh" } : { kind: "refuse", obstacle };
}

function obstacleOf({ canSave, hasRefreshToken, isCopied }: SessionFacts): Obstacle | undefined {
  if (!canSave) return "not-kept";
  if (!hasRefreshToken) return "no-refresh-token";
  return isCopied ? "copied" : undefined;
}

function noticeOf({ isCopied, isInterrupted }: SessionFacts): { readonly notice?: "copied" | "interrupted" } {
  if (isCopied) return { notice: "copied" };
  return isInterrupted ? { notice: "interrupted" } : {};
}
