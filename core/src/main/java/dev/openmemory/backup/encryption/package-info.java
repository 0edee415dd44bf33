/** Schemes of encryption on the class path, and files with keys. */
@NullMarked
package dev.openmemory.backup.encryption;

import org.jspecify.annotations.NullMarked;
