// The page's behaviour: tabs, copy buttons, and Swagger UI on the document of this server.

const LANGUAGE = "tradyn.language";

function remembered() {
  try {
    return localStorage.getItem(LANGUAGE);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function remember(language) {
  try {
    localStorage.setItem(LANGUAGE, language);
  } catch {
    // then it is chosen again next time
  }
}

function setUpTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const select = (chosen) => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
    }
  };
  for (const [number, tab] of tabs.entries()) {
    tab.addEventListener("click", () => {
      select(tab);
      remember(tab.textContent);
    });
    tab.addEventListener("keydown", (event) => {
      const target = { ArrowRight: number + 1, ArrowLeft: number - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      const next = tabs[(target + tabs.length) % tabs.length];
      next.focus();
      next.click();
    });
  }
  select(tabs.find((tab) => tab.textContent === remembered()) ?? tabs[0]);
}

async function copy(text) {
  // Browsers have a clipboard only for https and this machine; elsewhere the old way still works.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("not copied");
}

function setUpCopying() {
  for (const button of document.querySelectorAll(".copy")) {
    const source = button.closest(".address, [role=tabpanel]").querySelector("pre, code:only-of-type");
    button.addEventListener("click", async () => {
      const said = await copy(source.textContent).then(() => "Copied", () => "Not copied");
      button.textContent = said;
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
  }
}

// Swagger UI would fill the examples in, and send them: a cursor that is none, a filter that nobody asked for.
function withoutExamplesOfOptionals(parameters) {
  for (const parameter of parameters) {
    if (parameter.$ref || parameter.required) continue;
    delete parameter.example;
    delete parameter.examples;
    delete parameter.schema.example;
  }
}

// Swagger UI shows a key's scopes only where they are OAuth's.
function withScopes(operation) {
  const scopes = operation["x-scopes"] ?? [];
  if (!scopes.length) return;
  operation.description += `\n\n**Scopes:** ${scopes.map((each) => `\`${each}\``).join(", ")}`;
}

async function showReference() {
  const place = document.getElementById("swagger-ui");
  try {
    const response = await fetch("/openapi.json");
    if (!response.ok) throw new Error(`/openapi.json was answered ${response.status}`);
    const spec = await response.json();
    // The address as this browser has it, so that requests go where the page came from.
    const { url } = spec.servers[0];
    const here = location.origin + new URL(url).pathname;
    spec.servers[0].url = here;
    spec.info.description = spec.info.description.replaceAll(url, here);
    withoutExamplesOfOptionals(Object.values(spec.components.parameters));
    for (const operation of Object.values(spec.paths).flatMap(Object.values)) {
      withoutExamplesOfOptionals(operation.parameters ?? []);
      withScopes(operation);
    }
    SwaggerUIBundle({
      spec,
      domNode: place,
      deepLinking: true,
      displayRequestDuration: true,
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      filter: true,
      persistAuthorization: true,
      tryItOutEnabled: true,
      validatorUrl: null,
    });
  } catch (error) {
    const problem = document.createElement("p");
    problem.className = "problem";
    problem.textContent = `The reference cannot be shown: ${error.message}`;
    place.replaceChildren(problem);
  }
}

function setUpNavigation() {
  // Swagger UI has no anchor above its operations.
  document.querySelector("nav [href='#operations']").addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("#swagger-ui .scheme-container")?.scrollIntoView();
  });
}

setUpTabs();
setUpCopying();
setUpNavigation();
showReference();
