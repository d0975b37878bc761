// Why a WebSocket is closed (RFC 6455, section 7.4, and the registry that it began).

export const GOING_AWAY = 1001;
export const PROTOCOL_ERROR = 1002;
/** Never sent: the close frame carried no code. */
export const NO_STATUS = 1005;
/** Never sent: there was no close frame. */
export const ABNORMAL = 1006;
export const INVALID_PAYLOAD = 1007;
export const TOO_BIG = 1009;
export const INTERNAL_ERROR = 1011;

/** Whether a close frame may carry the code. */
export function mayTravel(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== NO_STATUS && code !== ABNORMAL;
}
