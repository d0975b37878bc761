// What the control plane asks of the data plane: may this be deployed, and: this stage has changed.
import type { Key } from "../domain/record.ts";
import type { RestApiSnapshot, Stage } from "../domain/rest-api.ts";

/** Names a stage of an API. API ids are unique in the installation. */
export interface StageName {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly stageName: string;
}

/** Names an HTTP API. */
export type HttpApiName = Omit<StageName, "stageName">;

/** Names a WebSocket API. */
export type WebSocketApiName = HttpApiName;

/** Names what has an id within its account and region: an API key, a usage plan. */
export interface RegionalName {
  readonly account: string;
  readonly region: string;
  readonly id: string;
}

/** Names a custom domain name. */
export interface DomainNameName {
  readonly account: string;
  readonly region: string;
  readonly domainName: string;
  /** Private ones alone have one. */
  readonly domainNameId?: string | undefined;
}

export interface Publication {
  /** Why the snapshot cannot be deployed, in sentences for the API's developer; empty when it can. */
  checkSnapshot(snapshot: RestApiSnapshot): readonly string[];
  /** Why the stage's settings cannot be served, likewise. */
  checkStage(stage: Stage): readonly string[];
  /** Reads the stage anew and resolves when every gateway serves it as it now is (or no longer, when it is gone). */
  stageChanged(stage: StageName): Promise<void>;
  /** Reads the HTTP API and its stages anew and resolves when every gateway serves them as they now are (or no longer, when they are gone). */
  httpApiChanged(api: HttpApiName): Promise<void>;
  /** Likewise a WebSocket API. */
  webSocketApiChanged(api: WebSocketApiName): Promise<void>;
  /** Empties the stage's cache and resolves when no gateway answers any more with what was cached before. */
  flushCache(stage: StageName): Promise<void>;
  /** Forgets what the stage's authorizers have said, and resolves when no gateway lets anybody in by that any more. */
  flushAuthorizers(stage: StageName): Promise<void>;
  /** Reads the domain name and its mappings anew and resolves when every gateway serves them so (or no longer, when it is gone). */
  domainChanged(domain: DomainNameName): Promise<void>;
  /** Reads API keys anew, with the plans that they are in, and resolves when every gateway knows them as they now are. */
  keysChanged(keys: readonly RegionalName[]): Promise<void>;
  /** Likewise usage plans. */
  usagePlansChanged(plans: readonly RegionalName[]): Promise<void>;
  /** Reads what a key has used of a plan (account, region, plan id, key id) anew, and resolves when its quota is counted by that. */
  usageChanged(place: Key): Promise<void>;
  /** Resolves once the store has all requests of API keys that were counted until now. */
  keepUsage(): Promise<void>;
}
