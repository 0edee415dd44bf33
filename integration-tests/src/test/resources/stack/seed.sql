INSERT INTO users (id, user_id, name) VALUES ('f0ea6e82d67b41bf88ffe05f005a26c4', 'alice', 'Default User');
INSERT INTO apps (id, owner_id, name, is_active)
  VALUES ('9e521b357748489fa455a5110c18c40b', 'f0ea6e82d67b41bf88ffe05f005a26c4', 'openmemory', 1);
CREATE TABLE next_memory (id CHAR(32) NOT NULL);
INSERT INTO next_memory VALUES (lower(hex(randomblob(16))));
