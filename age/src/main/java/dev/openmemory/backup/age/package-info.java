/** Encryption in the age format. */
@NullMarked
package dev.openmemory.backup.age;

import org.jspecify.annotations.NullMarked;
