/** What streams extend that pass on blocks of bytes. */
@NullMarked
package dev.openmemory.backup.internal.stream.block;

import org.jspecify.annotations.NullMarked;
