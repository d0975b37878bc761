// Which of a stage's method settings holds for a method
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigateway-stage-methodsetting.html).
import type { MethodSetting, Stage } from "../domain/rest-api.ts";

export interface FoundSetting {
  readonly setting: MethodSetting;
  /** Whether it names the HTTP method, rather than all of them. */
  readonly namesMethod: boolean;
}

export interface MethodSettings {
  /**
   * The most specific setting for requests by an HTTP method: of its resource before those of all, and of its method,
   * or of the `ANY` that it is declared under, before those of all methods. None of its members are inherited.
   */
  find(resourcePath: string, httpMethod: string, declaredMethod: string): FoundSetting | undefined;
}

/** The settings of a stage, whichever way their keys are written. */
export function compileMethodSettings(settings: Stage["methodSettings"]): MethodSettings {
  const byPlace = new Map(Object.entries(settings).map(([key, setting]) => [placeOf(key), setting]));
  return {
    find(resourcePath, httpMethod, declaredMethod) {
      for (const path of [withoutSlashes(resourcePath), "*"]) {
        for (const method of [httpMethod, declaredMethod, "*"]) {
          const setting = byPlace.get(`${path}/${method}`);
          if (setting !== undefined) return { setting, namesMethod: method !== "*" };
        }
      }
      return undefined;
    },
  };
}

/** `~1pets~1{id}/GET` and `pets/{id}/GET` as `pets/{id}/GET`; the root's settings are `/GET`. */
function placeOf(key: string): string {
  const slash = key.lastIndexOf("/");
  const path = key.slice(0, Math.max(slash, 0)).replaceAll("~1", "/").replaceAll("~0", "~");
  return `${withoutSlashes(path)}/${key.slice(slash + 1)}`;
}

const withoutSlashes = (path: string): string => path.replace(/^\/+|\/+$/g, "");
