/** Keys that the command line encrypts to and decrypts with. */
@NullMarked
package dev.openmemory.backup.cli.settings.encryption;

import org.jspecify.annotations.NullMarked;
