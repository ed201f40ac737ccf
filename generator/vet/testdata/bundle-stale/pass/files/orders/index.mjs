export const handler = async (event) => ({ ok: event.id });
