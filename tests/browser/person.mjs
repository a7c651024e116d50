// What a person does on the pages of the notes example.
export const password = "a quiet harbour at dawn";

export async function signUp(page, email) {
  await page.goto("/");
  await page.getByRole("link", { name: "Sign up" }).first().click();
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign up" }).click();
}

export async function signIn(page, email, text = password) {
  await page.goto("/signin");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(text);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function addNote(page, title, body) {
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Body").fill(body);
  await page.getByRole("button", { name: "Add note" }).click();
  await note(page, title).waitFor();
}

export const note = (page, title) => page.locator("article.note").filter({ hasText: title });
