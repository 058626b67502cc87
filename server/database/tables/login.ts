/** Who is who. Secrets are stored as hex SHA-256 only. Booleans are 0 or 1. */
export interface LoginTables {
  person: PersonTable;
  office_role: OfficeRoleTable;
  invitation: InvitationTable;
  login: LoginTable;
  guest: GuestTable;
  guest_visit: GuestVisitTable;
}

export interface PersonTable {
  id: string;
  name: string;
  created_at: number;
}

export interface OfficeRoleTable {
  person: string;
  role: string;
  /** The studio or unit that it is limited to; empty: the whole office. */
  scope: string;
}

export interface InvitationTable {
  token_hash: string;
  person: string;
  /** Where it leads; null: the office. */
  consultation: string | null;
  /** Works on any device; else it binds to the login that redeems it first. */
  reusable: number;
  bound_login: string | null;
  created_at: number;
  revoked_at: number | null;
}

/** One row a device. */
export interface LoginTable {
  id: string;
  token_hash: string;
  person: string;
  device: string;
  created_at: number;
  seen_at: number;
  revoked_at: number | null;
}

export interface GuestTable {
  id: string;
  token_hash: string;
  /** Only here, never in the record, so that it can be erased. */
  nickname: string | null;
  created_at: number;
}

export interface GuestVisitTable {
  guest: string;
  consultation: string;
  at: number;
}
