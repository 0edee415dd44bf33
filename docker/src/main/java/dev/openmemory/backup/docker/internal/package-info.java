/** What the sources and the control have in common. */
@NullMarked
package dev.openmemory.backup.docker.internal;

import org.jspecify.annotations.NullMarked;
