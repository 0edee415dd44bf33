@NullMarked
package dev.openmemory.backup.internal.restore;

import org.jspecify.annotations.NullMarked;
