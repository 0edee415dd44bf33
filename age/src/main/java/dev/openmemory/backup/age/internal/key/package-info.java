/** Public and private keys, and the files that hold them. */
@NullMarked
package dev.openmemory.backup.age.internal.key;

import org.jspecify.annotations.NullMarked;
